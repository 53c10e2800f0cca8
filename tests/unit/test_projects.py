"""Project files: every change is kept, undone and redone; damage is found and recovered from."""

import sqlite3
from pathlib import Path

import pytest

from tlstudio.datasets.edits import Edits
from tlstudio.errors import TLStudioError
from tlstudio.projects import database, schema
from tlstudio.projects.database import BACKUPS_KEPT, FILE, DamagedProjectError, backups, recover
from tlstudio.projects.project import LABEL, LEFT_OUT, ORDER, RENAMED, SWITCHED_OFF, Project, Steps


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "birds")


def test_changes_are_there_when_the_project_is_opened_again(project: Project) -> None:
    project.change("Move 1 photo to cats", {(LABEL, "a.jpg"): "cats"})
    project.change("Leave out 1 photo", {(LEFT_OUT, "b.jpg"): "1"})
    project.change("Call dogs hounds", {(RENAMED, "dogs"): "hounds", (ORDER, "hounds"): "0", (ORDER, "cats"): "1"})
    project.change("Switch off birds", {(SWITCHED_OFF, "birds"): "1"})
    assert Project(project.folder).edits() == Edits(
        {"a.jpg": "cats"}, frozenset(["b.jpg"]), {"dogs": "hounds"}, frozenset(["birds"]), ("hounds", "cats")
    )


def test_undo_and_redo_walk_through_all_actions(project: Project) -> None:
    project.change("one", {(LABEL, "a"): "x"})
    project.change("two", {(LABEL, "a"): "y", (LABEL, "b"): "y"})
    project.change("three", {(LABEL, "a"): None})
    states = [dict(project.edits().labels)]
    assert states == [{"b": "y"}]
    assert [project.undo(), project.undo()] == ["three", "two"]
    assert project.edits().labels == {"a": "x"}
    assert project.steps() == Steps("one", "two")
    assert [project.redo(), project.redo(), project.redo()] == ["two", "three", ""]
    assert project.edits().labels == {"b": "y"}
    assert [project.undo() for _ in range(4)] == ["three", "two", "one", ""]
    assert project.edits() == Edits()


def test_a_new_action_ends_what_could_be_redone(project: Project) -> None:
    project.change("one", {(LABEL, "a"): "x"})
    project.undo()
    project.change("other", {(LABEL, "a"): "z"})
    assert project.steps() == Steps("other", "")
    assert project.redo() == ""


def test_what_changes_nothing_is_no_action(project: Project) -> None:
    assert project.change("one", {(LABEL, "a"): "x"})
    assert not project.change("again", {(LABEL, "a"): "x", (LEFT_OUT, "b"): None})
    assert project.steps() == Steps("one", "")


def test_names_that_are_no_text_are_kept(project: Project) -> None:
    odd = "caf\udce9/\\udce9.jpg"
    project.change(f"Move {odd}", {(LABEL, odd): "caf\udce9", (LEFT_OUT, odd): "1"})
    project.set_setting("source", odd)
    again = Project(project.folder)
    assert again.edits().labels == {odd: "caf\udce9"}
    assert again.edits().left_out == {odd}
    assert again.setting("source") == odd
    assert again.undo() == f"Move {odd}"


def test_settings_are_kept_and_not_undone(project: Project) -> None:
    assert project.setting("source") == ""
    project.set_setting("source", "/photos")
    project.change("one", {(LABEL, "a"): "x"})
    project.undo()
    assert Project(project.folder).setting("source") == "/photos"


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").touch()
    with pytest.raises(TLStudioError, match="not empty"):
        Project(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]


def test_a_day_has_one_backup_and_five_are_kept(project: Project) -> None:
    assert backups(project.folder) == (), "a new file needs none"
    Project(project.folder)
    Project(project.folder)
    assert len(backups(project.folder)) == 1
    for day in range(1, 9):
        backups(project.folder)[0].with_name(f"2001-01-0{day} 10.00.00.0.tlstudio").write_bytes(b"old")
    backups(project.folder)[0].unlink()
    Project(project.folder)
    assert len(backups(project.folder)) == BACKUPS_KEPT
    assert [path.name[:10] for path in backups(project.folder)[1:]] == [f"2001-01-0{day}" for day in (8, 7, 6, 5)]


def test_a_damaged_file_is_found_and_recovered_from_its_backup(project: Project) -> None:
    project.change("one", {(LABEL, f"photo {number}"): "x" * 100 for number in range(500)})
    Project(project.folder)  # the day's backup
    project.change("lost", {(LABEL, "photo 0"): "y"})
    with sqlite3.connect(project.folder / FILE) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    data = bytearray((project.folder / FILE).read_bytes())
    data[4096:12000] = bytes(12000 - 4096)
    (project.folder / FILE).write_bytes(data)
    with pytest.raises(DamagedProjectError, match="damaged") as caught:
        Project(project.folder)
    assert "backup" in caught.value.hint
    recover(project.folder, caught.value.backups[0])
    recovered = Project(project.folder)
    assert recovered.edits().labels["photo 0"] == "x" * 100
    assert any(path.name.startswith("damaged") for path in project.folder.iterdir()), "the damaged file is kept"


def test_a_file_that_is_no_database_is_told_as_damage(project: Project) -> None:
    (project.folder / FILE).write_bytes(b"no database" * 1000)
    for ending in ("-wal", "-shm"):
        (project.folder / f"{FILE}{ending}").unlink(missing_ok=True)
    with pytest.raises(DamagedProjectError, match="damaged") as caught:
        Project(project.folder)
    assert "no backup" in caught.value.hint


def test_a_project_of_a_newer_program_is_not_touched(project: Project) -> None:
    with sqlite3.connect(project.folder / FILE) as db:
        db.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    db.close()
    with pytest.raises(TLStudioError, match="newer TL Studio"):
        Project(project.folder)


def test_a_migration_is_preceded_by_a_backup_and_holds_as_a_whole(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    Project(project.folder)

    def fails(db: sqlite3.Connection) -> None:
        db.execute("CREATE TABLE half (x)")
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, fails))
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    with pytest.raises(TLStudioError, match="can't be opened"):
        Project(project.folder)
    assert len(backups(project.folder)) == 2
    with database.connected(project.folder) as db:
        assert schema.version_of(db) == schema.VERSION - 1
        assert db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'half'").fetchone() == (0,)


def test_a_file_that_was_emptied_is_damaged_where_there_are_backups(project: Project) -> None:
    project.change("one", {(LABEL, "a"): "x"})
    Project(project.folder)  # the first backup of the day
    (project.folder / FILE).write_bytes(b"")
    for ending in ("-wal", "-shm"):
        (project.folder / f"{FILE}{ending}").unlink(missing_ok=True)
    with pytest.raises(DamagedProjectError, match="empty") as damaged:
        Project(project.folder)
    recover(project.folder, damaged.value.backups[0])
    assert Project(project.folder).edits().labels == {"a": "x"}


def test_a_backup_that_cant_be_made_keeps_nobody_from_opening(project: Project) -> None:
    project.change("one", {(LABEL, "a"): "x"})
    (project.folder / "backups").write_text("in the way", encoding="utf-8")
    assert Project(project.folder).edits().labels == {"a": "x"}
    with pytest.raises(TLStudioError):
        Project(project.folder / FILE / "inside a file")
