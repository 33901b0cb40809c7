import sys
import threading
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from copilot.engines.tts.pyttsx3_voice import Pyttsx3Voice
from copilot.errors import BadInput, CopilotError, Missing

FAKE = Path(__file__).with_name("fake_worker.py")
TEXT = "Why would you choose recall over precision here?"

Make = Callable[..., Pyttsx3Voice]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "starts"


@pytest.fixture
def voice(log: Path) -> Iterator[Make]:
    """Makes voices whose workers run through the given modes, one a start."""
    made: list[Pyttsx3Voice] = []

    def make(*modes: str, grace: float = 5.0) -> Pyttsx3Voice:
        command = (sys.executable, "-S", str(FAKE), *modes, str(log))
        made.append(Pyttsx3Voice(command=command, grace=grace, per_character=0.0))
        return made[-1]

    yield make
    for each in made:
        each.close()


def starts(log: Path) -> list[str]:
    return log.read_text().split()


def test_writes_a_wav_as_we_play_it(voice: Make, tmp_path: Path) -> None:
    path = tmp_path / "speech.wav"
    length = voice("good").render(TEXT, path)
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 16_000)
        assert file.getnframes() == length
    assert length == pytest.approx(0.07 * len(TEXT) * 16_000, rel=0.01)


def test_leaves_nothing_but_the_file(voice: Make, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    voice("good").render(TEXT, folder / "speech.wav")
    assert [p.name for p in folder.iterdir()] == ["speech.wav"]


def test_a_good_worker_is_kept(voice: Make, log: Path, tmp_path: Path) -> None:
    speaker = voice("good")
    for _ in range(3):
        speaker.render(TEXT, tmp_path / "speech.wav")
    assert starts(log) == ["good"]


def test_sentences_are_joined(voice: Make, tmp_path: Path) -> None:
    speaker = voice("good")
    one = speaker.render("First we look at the data.", tmp_path / "a.wav")
    both = speaker.render(
        "First we look at the data. First we look at the data.", tmp_path / "b.wav"
    )
    assert 2 * one < both < 2 * one + 16_000


@pytest.mark.parametrize(
    "fault",
    ["crash", "garbage", "endless_line", "wrong_job", "refuse", "no_file", "text_file",
     "silence", "too_short", "too_long", "die_at_start"],
)  # fmt: skip
def test_one_fault_is_repaired_by_a_new_worker(
    voice: Make, log: Path, tmp_path: Path, fault: str
) -> None:
    assert voice(fault, "good").render(TEXT, tmp_path / "speech.wav") > 0
    assert starts(log) == [fault, "good"]


def test_a_hanging_worker_is_killed_and_replaced(voice: Make, log: Path, tmp_path: Path) -> None:
    assert voice("hang", "good", grace=1.0).render(TEXT, tmp_path / "speech.wav") > 0
    assert starts(log) == ["hang", "good"]


@pytest.mark.parametrize(
    ("fault", "words"),
    [("hang", "did not answer"), ("crash", "ended"), ("silence", "silence"), ("garbage", "usable")],
)
def test_the_second_fault_is_an_error(
    voice: Make, log: Path, tmp_path: Path, fault: str, words: str
) -> None:
    path = tmp_path / "speech.wav"
    with pytest.raises(CopilotError, match=words) as caught:
        voice(fault, grace=0.05 if fault == "hang" else 5.0).render(TEXT, path)
    assert TEXT not in str(caught.value)
    assert starts(log) == [fault, fault]
    assert not path.exists()


def test_after_a_failure_the_next_text_is_tried_again(voice: Make, tmp_path: Path) -> None:
    speaker = voice("crash", "crash", "good")
    with pytest.raises(CopilotError):
        speaker.render(TEXT, tmp_path / "speech.wav")
    assert speaker.render(TEXT, tmp_path / "speech.wav") > 0


@pytest.mark.parametrize("mode", ["no_driver", "die_at_start"])
def test_no_synthesiser_is_missing(voice: Make, tmp_path: Path, mode: str) -> None:
    speaker = voice(mode)
    with pytest.raises(Missing, match="espeakng-loader"):
        speaker.ready()
    with pytest.raises(Missing):
        speaker.render(TEXT, tmp_path / "speech.wav")


def test_a_worker_that_cannot_be_started_is_missing(tmp_path: Path) -> None:
    speaker = Pyttsx3Voice(command=(str(tmp_path / "nothing"),))
    with pytest.raises(Missing):
        speaker.ready()
    speaker.close()


def test_unknown_voice_is_said(voice: Make, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no voice named"):
        voice("no_voice").render(TEXT, tmp_path / "speech.wav")


@pytest.mark.parametrize("text", ["", "  \n", "...", "<break/>", "[[ ]]", "word " * 2_000])
def test_unspeakable_text_is_refused(voice: Make, tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput):
        voice("good").render(text, tmp_path / "speech.wav")


def test_unwritable_place_is_said(voice: Make, tmp_path: Path) -> None:
    with pytest.raises(CopilotError, match="cannot be written"):
        voice("good").render(TEXT, tmp_path / "nowhere" / "speech.wav")


@pytest.mark.parametrize("setting", [{"rate": 0}, {"rate": 4_000}, {"volume": 0}, {"volume": 2}])
def test_impossible_settings_are_refused(setting: dict[str, int]) -> None:
    with pytest.raises(BadInput):
        Pyttsx3Voice(**setting)  # type: ignore[arg-type]


def test_close_ends_a_render_in_progress(voice: Make, log: Path, tmp_path: Path) -> None:
    speaker = voice("hang", grace=60)
    speaker.ready()
    errors: list[CopilotError] = []

    def render() -> None:
        try:
            speaker.render(TEXT, tmp_path / "speech.wav")
        except CopilotError as error:
            errors.append(error)

    thread = threading.Thread(target=render)
    thread.start()
    speaker.close()
    thread.join(timeout=30)
    assert [error.message for error in errors] == ["The voice has been closed."]
    assert starts(log) == ["hang"]
