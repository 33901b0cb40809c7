import io
import wave

import numpy as np
import pytest

from copilot.core.events import Word
from copilot.engines.remote import Endpoint
from copilot.engines.stt.remote import RemoteRecogniser
from copilot.errors import CopilotError
from tests.engines.openai_server import OpenAIServer, as_json, garbage, status

SECOND = np.full(16_000, 0.1, dtype=np.float32)


@pytest.fixture
def recogniser(server: OpenAIServer) -> RemoteRecogniser:
    return RemoteRecogniser(Endpoint(server.url), model="whisper")


def test_words_with_times_and_confidence(recogniser: RemoteRecogniser) -> None:
    heard = recogniser.transcribe(SECOND)
    assert heard.engine == "remote:whisper"
    assert heard.words == (
        Word("we", 1_600, 3_200, 90),
        Word("chose", 4_000, 9_600, 90),
        Word("recall", 11_200, 16_000, 100),  # its end lies beyond audio and segment
    )


def test_what_is_sent(server: OpenAIServer, recogniser: RemoteRecogniser) -> None:
    recogniser.transcribe(SECOND, hotwords=[f"word{i}" for i in range(20)], prefix="and then")
    form = server.requests[0].form
    assert form["model"] == [b"whisper"]
    assert form["response_format"] == [b"verbose_json"]
    assert form["timestamp_granularities[]"] == [b"word", b"segment"]
    assert form["prompt"] == [
        b"word0, word1, word2, word3, word4, word5, word6, word7, word8, word9 and then"
    ]
    with wave.open(io.BytesIO(form["file"][0])) as file:
        assert (file.getframerate(), file.getnframes()) == (16_000, 16_000)


@pytest.mark.parametrize("code", [400, 422])
def test_servers_without_word_times(
    server: OpenAIServer, recogniser: RemoteRecogniser, code: int
) -> None:
    server.faults.append(status(code))
    for _ in range(2):
        heard = recogniser.transcribe(SECOND)
        assert heard.engine == "remote:whisper (times estimated)"
        assert [w.text for w in heard.words] == ["we", "chose", "recall"]
        assert heard.words[0].start == 0
        assert heard.words[-1].end == 16_000
    assert len(server.requests) == 3  # it asks for word times only once


@pytest.mark.parametrize(
    "words",
    [None, "nonsense", [{"word": "we"}], [{"word": "we", "start": "soon", "end": 1}], [{}]],
)
def test_odd_word_lists_fall_back_to_the_text(
    server: OpenAIServer, recogniser: RemoteRecogniser, words: object
) -> None:
    server.faults.append(as_json({"text": "we did", "words": words, "segments": "none"}))
    heard = recogniser.transcribe(SECOND)
    assert [w.text for w in heard.words] == ["we", "did"]
    assert heard.engine.endswith("(times estimated)")


def test_times_are_put_in_order_and_inside(
    server: OpenAIServer, recogniser: RemoteRecogniser
) -> None:
    words = [("a", -3, 0.2), ("b", 0.5, 0.4), ("c", 0.1, 0.3), ("d", 8, 9)]
    server.faults.append(
        as_json(
            {"text": "a b c d", "words": [{"word": w, "start": s, "end": e} for w, s, e in words]}
        )
    )
    heard = recogniser.transcribe(SECOND).words
    assert all(0 <= w.start <= w.end <= 16_000 for w in heard)
    assert [w.start for w in heard] == sorted(w.start for w in heard)


def test_an_echo_of_the_prompt_is_dropped(
    server: OpenAIServer, recogniser: RemoteRecogniser
) -> None:
    server.faults.append(as_json({"text": "Recall, precision."}))
    heard = recogniser.transcribe(SECOND, hotwords=["recall", "precision"])
    assert (heard.words, heard.filtered) == ((), ("prompt_echo",))


def test_no_audio_asks_nobody(server: OpenAIServer, recogniser: RemoteRecogniser) -> None:
    assert recogniser.transcribe(SECOND[:0]).words == ()
    assert server.requests == []


def test_silence_is_no_words(server: OpenAIServer, recogniser: RemoteRecogniser) -> None:
    server.faults.append(as_json({"text": "", "words": []}))
    assert recogniser.transcribe(SECOND).words == ()


@pytest.mark.parametrize(
    "reply", [garbage(), status(401), status(500), as_json({"text": 3}), as_json([])]
)
def test_faults(server: OpenAIServer, recogniser: RemoteRecogniser, reply: object) -> None:
    server.faults.append(reply)  # type: ignore[arg-type]
    with pytest.raises(CopilotError):
        recogniser.transcribe(SECOND)
