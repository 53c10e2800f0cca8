"""The presets page of the Model tab."""
