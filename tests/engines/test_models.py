"""Models: finding them offline, checking them, and fetching them from a stand-in for the hub."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from copilot.engines import models
from copilot.engines.models import check, download, local, weights
from copilot.errors import BadInput, CopilotError, Missing
from tests.engines.hub import REVISION, Hub, Served, serving

MICRO = Path(__file__).parents[1] / "data" / "whisper-micro"
REPO = "Systran/faster-whisper-tiny.en"
SIZE = (MICRO / "model.bin").stat().st_size


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder and Hugging Face cache, and no proxy before the stand-in."""
    monkeypatch.setenv("INTERVIEW_COPILOT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    return tmp_path / "home"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    stand_in = Hub(REPO, MICRO)
    with serving(stand_in) as endpoint:
        monkeypatch.setenv("HF_ENDPOINT", endpoint + "/")
        yield stand_in


@pytest.fixture
def micro(tmp_path: Path) -> Path:
    """A copy of whisper-micro that a test may break."""
    folder = tmp_path / "micro"
    shutil.copytree(MICRO, folder)
    return folder


def in_cache(tmp_path: Path) -> Path:
    """whisper-micro as tiny.en in the Hugging Face cache."""
    repository = tmp_path / "hub" / f"models--{REPO.replace('/', '--')}"
    snapshot = repository / "snapshots" / REVISION
    shutil.copytree(MICRO, snapshot)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(REVISION)
    return snapshot


# --- The catalogue and finding -------------------------------------------------------------


def test_the_catalogue_names_what_faster_whisper_names() -> None:
    from faster_whisper.utils import _MODELS

    assert {m.name: m.repo for m in models.CATALOGUE}.items() <= _MODELS.items()
    assert models.lookup("turbo") == models.lookup("large-v3-turbo")
    assert models.lookup(REPO) == models.lookup("tiny.en")


@pytest.mark.parametrize("name", ["", "huge", "../etc", "a/b/c", "../../x", "a/..", "x y/z"])
def test_other_names_are_no_models(name: str) -> None:
    assert models.lookup(name) is None


def test_nothing_is_found_on_an_empty_machine_and_no_network_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert models.auto_model() is None
    for name in ("tiny.en", "turbo", "owner/name", "nonsense", "/nowhere/at/all"):
        assert models.find_model(name) is None


def test_a_folder_is_found_as_it_is() -> None:
    assert models.find_model(str(MICRO)) == MICRO


def test_our_own_folder_comes_before_the_cache(home: Path, tmp_path: Path) -> None:
    cached = in_cache(tmp_path)
    assert models.find_model("tiny.en") == cached
    shutil.copytree(MICRO, home / "models" / "tiny.en")
    assert models.find_model("tiny.en") == home / "models" / "tiny.en"


def test_auto_prefers_the_catalogue_and_passes_over_broken_models(
    home: Path, tmp_path: Path
) -> None:
    shutil.copytree(MICRO, home / "models" / "aaa")
    assert models.auto_model() == "aaa"
    in_cache(tmp_path)
    assert models.auto_model() == "tiny.en"
    (home / "models" / "small.en").mkdir()
    assert models.auto_model() == "tiny.en"


def test_a_half_downloaded_model_is_no_model(home: Path) -> None:
    shutil.copytree(MICRO, home / "models" / ".tiny.en.part")
    assert models.auto_model() is None
    assert models.find_model(".tiny.en.part") is None


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"HF_HUB_CACHE": "/a"}, "/a"),
        ({"HF_HOME": "/b"}, "/b/hub"),
        ({"XDG_CACHE_HOME": "/c"}, "/c/huggingface/hub"),
    ],
)
def test_the_cache_lies_where_huggingface_hub_puts_it(
    environment: dict[str, str], expected: str
) -> None:
    assert str(local.hub_cache(environment)) == expected
    rest = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "XDG_"))}
    code = "from huggingface_hub.constants import HF_HUB_CACHE; print(HF_HUB_CACHE)"
    theirs = subprocess.run(
        [sys.executable, "-c", code], env=rest | environment, capture_output=True, text=True
    )
    assert theirs.stdout.strip() == expected


# --- Checking ------------------------------------------------------------------------------


def test_a_whole_model_has_no_problems() -> None:
    assert models.check_model(MICRO) == []


def test_the_weights_list_every_variable() -> None:
    shapes = weights.shapes(MICRO / "model.bin")
    assert shapes["encoder/conv1/weight"] == (192, 80, 3)
    assert len(shapes) == 170


@pytest.mark.parametrize("size", [0, 3, 100, 5000, 3_000_000, SIZE - 1])
def test_weights_cut_short_anywhere_are_named(micro: Path, size: int) -> None:
    with (micro / "model.bin").open("r+b") as file:
        file.truncate(size)
    (problem,) = models.check_files(micro)
    assert "model.bin is damaged: it is cut short" in problem


def test_other_weights_are_named(micro: Path) -> None:
    (micro / "model.bin").write_bytes(b"<html>not found</html>" * 10)
    assert "no CTranslate2 model" in models.check_files(micro)[0]
    shutil.copyfile(MICRO / "model.bin", micro / "model.bin")
    with (micro / "model.bin").open("ab") as file:
        file.write(b"x")
    assert "more bytes" in models.check_files(micro)[0]


@pytest.mark.parametrize("name", ["model.bin", "tokenizer.json", "vocabulary.json", "config.json"])
def test_a_missing_file_is_named(micro: Path, name: str) -> None:
    (micro / name).unlink()
    assert [name in problem for problem in models.check_files(micro)] == [True]


def test_damaged_json_is_named(micro: Path) -> None:
    (micro / "tokenizer.json").write_text('{"version": ')
    assert "tokenizer.json is damaged" in models.check_files(micro)[0]


def test_no_folder_is_a_problem(tmp_path: Path) -> None:
    assert "is not a folder" in models.check_files(tmp_path / "none")[0]


def test_a_flipped_bit_is_found_by_the_recorded_hash(home: Path, hub: Hub) -> None:
    folder = models.download_model("tiny.en")
    data = bytearray((folder / "model.bin").read_bytes())
    data[SIZE // 2] ^= 1
    (folder / "model.bin").write_bytes(data)
    assert models.check_files(folder) == []
    assert "model.bin is damaged" in models.check_model(folder)[0]
    assert models.fetch_again(folder).endswith("models download tiny.en`.")


# --- Fetching ------------------------------------------------------------------------------


def test_a_download_is_whole_recorded_and_usable(home: Path, hub: Hub) -> None:
    seen: list[tuple[int, int]] = []
    folder = models.download_model("tiny.en", lambda done, total: seen.append((done, total)))
    assert folder == home / "models" / "tiny.en"
    assert models.check_model(folder) == []
    assert models.auto_model() == "tiny.en"
    record = json.loads((folder / check.RECORD).read_text())
    assert (record["repo"], record["revision"]) == (REPO, REVISION)
    assert sorted(p.name for p in folder.iterdir()) == sorted(
        [check.RECORD, *(name for name in hub.files if name != ".gitattributes")]
    )
    assert [p.name for p in folder.parent.iterdir()] == ["tiny.en"]
    done = [d for d, _ in seen]
    total = seen[0][1]
    assert done == sorted(done)
    assert done[-1] == total == sum(s.sent for s in hub.served)
    assert {t for _, t in seen} == {total}


def test_a_model_that_is_there_is_not_fetched(hub: Hub) -> None:
    first = models.download_model("tiny.en")
    asked = hub.listings
    assert models.download_model("tiny.en") == first
    assert hub.listings == asked


def test_a_model_in_the_cache_is_not_fetched(hub: Hub, tmp_path: Path) -> None:
    cached = in_cache(tmp_path)
    assert models.download_model("tiny.en") == cached
    assert hub.listings == 0


def test_a_damaged_model_is_replaced(home: Path, hub: Hub) -> None:
    folder = models.download_model("tiny.en")
    (folder / "model.bin").write_bytes(b"short")
    assert models.download_model("tiny.en") == folder
    assert models.check_files(folder) == []


def test_a_connection_cut_once_is_taken_up_again(hub: Hub) -> None:
    hub.cuts["model.bin"] = [2_000_000]
    folder = models.download_model("tiny.en")
    assert models.check_files(folder) == []
    weights_served = [s for s in hub.served if s.name == "model.bin"]
    assert len(weights_served) == 2
    assert weights_served[1].start > 0
    assert weights_served[1].start + weights_served[1].sent == SIZE


def test_a_broken_download_goes_on_where_it_stopped(home: Path, hub: Hub) -> None:
    hub.cuts["model.bin"] = [3_000_000] + [0] * download.ATTEMPTS
    with pytest.raises(CopilotError, match=r"model\.bin broke off at .* of 6\.4 MB") as error:
        models.download_model("tiny.en")
    assert "goes on where it stopped" in error.value.hint
    assert models.find_model("tiny.en") is None
    assert models.auto_model() is None
    (part,) = (home / "models" / ".tiny.en.part").glob("model.bin.*")
    arrived = part.stat().st_size
    assert 0 < arrived <= 3_000_000
    before = len(hub.served)
    assert models.check_files(models.download_model("tiny.en")) == []
    again = hub.served[before:]
    assert [s for s in again if s.name == "model.bin"] == [
        Served("model.bin", arrived, SIZE - arrived)
    ]
    assert "config.json" not in {s.name for s in again}


def test_parts_of_an_older_revision_do_not_stay(home: Path, hub: Hub) -> None:
    staging = home / "models" / ".tiny.en.part"
    staging.mkdir(parents=True)
    (staging / "model.bin.0123456789abcdef").write_bytes(b"old")
    folder = models.download_model("tiny.en")
    assert not list(folder.glob("*.0123456789abcdef"))


def test_a_hub_without_ranges_sends_the_file_anew(hub: Hub) -> None:
    hub.ranges = False
    hub.cuts["model.bin"] = [2_000_000]
    assert models.check_files(models.download_model("tiny.en")) == []


@pytest.mark.parametrize("name", ["model.bin", "tokenizer.json"])
def test_bytes_that_were_not_declared_are_refused(home: Path, hub: Hub, name: str) -> None:
    hub.damaged.add(name)
    with pytest.raises(CopilotError, match=rf"{name} arrived damaged"):
        models.download_model("tiny.en")
    assert models.find_model("tiny.en") is None
    assert not list((home / "models" / ".tiny.en.part").glob(f"{name}*"))
    hub.damaged.clear()
    assert models.check_files(models.download_model("tiny.en")) == []


def test_an_unknown_repository_is_named(hub: Hub) -> None:
    with pytest.raises(Missing, match="has no model 'someone/whisper'"):
        models.download_model("someone/whisper")
    with pytest.raises(BadInput, match="no Whisper model called 'huge'") as error:
        models.download_model("huge")
    assert "base.en" in error.value.hint


def test_a_repository_without_a_model_is_refused(home: Path, hub: Hub) -> None:
    del hub.files["model.bin"]
    with pytest.raises(CopilotError, match="is no model for faster-whisper"):
        models.download_model("tiny.en")


def test_an_unreachable_hub_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{unused.getsockname()[1]}"
    monkeypatch.setenv("HF_ENDPOINT", closed)
    clients: list[httpx2.Client] = []
    make = download._client

    def counted() -> httpx2.Client:
        clients.append(make())
        return clients[-1]

    monkeypatch.setattr(download, "_client", counted)
    with pytest.raises(Missing, match="cannot be reached") as error:
        models.download_model("tiny.en")
    assert len(clients) == 1
    assert "pocketsphinx" in error.value.hint


def test_a_hub_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert download.REACH_SECONDS < 5
    monkeypatch.setattr(download, "REACH_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{mute.getsockname()[1]}")
        with pytest.raises(Missing, match="cannot be reached"):
            models.download_model("tiny.en")


def test_an_endpoint_that_is_no_hub_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "nonsense")
    with pytest.raises(Missing, match="nonsense cannot be reached"):
        models.download_model("tiny.en")


@pytest.mark.parametrize("answer", [b"<html>Sign in to this network</html>", b'{"sha": "../.."}'])
def test_a_page_instead_of_a_listing_is_named(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    monkeypatch.setattr(hub, "listing", lambda: answer)
    with pytest.raises(CopilotError, match="is no model hub"):
        models.download_model("tiny.en")


@pytest.mark.parametrize("status", [403, 429, 503])
def test_a_hub_or_proxy_that_refuses_is_named(hub: Hub, status: int) -> None:
    hub.status = status
    with pytest.raises(Missing, match=f"refused the request .status {status}"):
        models.download_model("tiny.en")
    assert hub.listings == 1


def test_offline_mode_is_respected(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(Missing, match="HF_HUB_OFFLINE"):
        models.download_model("tiny.en")
    assert hub.listings == 0


def test_a_full_disk_is_said_before_the_transfer(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(CopilotError, match=r"no room for 7\.0 MB"):
        models.download_model("tiny.en")
    assert hub.served == []


def test_a_folder_that_cannot_be_written_is_named(hub: Hub, home: Path) -> None:
    home.mkdir()
    (home / "models").write_text("a file in the way")
    with pytest.raises(CopilotError, match="The disk of"):
        models.download_model("tiny.en")
