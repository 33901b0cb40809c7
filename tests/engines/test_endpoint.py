import socket

import pytest

from copilot.engines.remote import DEFAULT_URL, Endpoint, is_remote
from copilot.errors import BadInput, CopilotError, Missing
from tests.engines.openai_server import OpenAIServer, Reply, as_json, cut, garbage, status

KEY = "sk-secret"


def ask(endpoint: Endpoint) -> str:
    try:
        with endpoint.errors("test", "some-model") as client:
            answer = client.chat.completions.create(model="some-model", messages=[])
            return str(answer.choices[0].message.content)
    finally:
        endpoint.close()


def chat(server: OpenAIServer) -> None:
    message = {"role": "assistant", "content": "hello"}
    completion = {
        "id": "1", "object": "chat.completion", "created": 0, "model": "m",
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
    }  # fmt: skip
    server.routes["/v1/chat/completions"] = lambda _: as_json(completion)


@pytest.mark.parametrize(
    ("url", "remote"),
    [
        ("http://localhost:11434/v1", False),
        ("http://LOCALHOST./v1", False),
        ("http://api.localhost/v1", False),
        ("http://127.0.0.1:8080/v1", False),
        ("http://127.9.9.9/v1", False),
        ("http://[::1]:8080/v1", False),
        ("http://[::ffff:127.0.0.1]/v1", False),
        ("https://api.openai.com/v1", True),
        ("http://192.168.1.5:8000/v1", True),
        ("http://localhost.evil.example/v1", True),
        ("http://127.0.0.1@evil.example/v1", True),
        ("http://127.0.0.1.evil.example/v1", True),
        ("http://0.0.0.0:8000/v1", True),
    ],
)
def test_is_remote(url: str, remote: bool) -> None:
    assert is_remote(url) is remote


@pytest.mark.parametrize("url", ["localhost:11434", "ftp://x/v1", "http://", "http://[::1/v1", "x"])
def test_bad_address(url: str) -> None:
    with pytest.raises(BadInput, match="not a valid URL"):
        Endpoint(url)


def test_what_is_given_wins_over_the_environment() -> None:
    environment = {
        "OPENAI_API_KEY": "openai",
        "OPENAI_BASE_URL": "http://openai.example/v1",
        "INTERVIEW_COPILOT_API_KEY": "ours",
        "INTERVIEW_COPILOT_BASE_URL": " ",
    }
    found = Endpoint.resolve(environment=environment)
    assert (found.base_url, found.api_key) == ("http://openai.example/v1", "ours")
    given = Endpoint.resolve("http://given.example/v1", "given", environment=environment)
    assert (given.base_url, given.api_key) == ("http://given.example/v1", "given")
    assert Endpoint.resolve(environment={}) == Endpoint(DEFAULT_URL, "")


def test_neither_key_nor_password_is_shown() -> None:
    endpoint = Endpoint("http://user:hunter2@model.example:81/v1", KEY)
    assert KEY not in repr(endpoint)
    assert endpoint.host == "model.example:81"


def test_answer_and_headers(server: OpenAIServer) -> None:
    chat(server)
    assert ask(Endpoint(server.url, KEY)) == "hello"
    assert ask(Endpoint(server.url)) == "hello"
    sent = [request.headers["authorization"] for request in server.requests]
    assert sent == [f"Bearer {KEY}", "Bearer local"]


def test_a_proxy_is_not_asked_for_loopback(
    server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    chat(server)
    assert ask(Endpoint(server.url)) == "hello"


def test_a_local_server_cannot_send_us_elsewhere(server: OpenAIServer) -> None:
    server.faults.append(status(307, {"Location": f"{server.url}/elsewhere"}))
    with pytest.raises(CopilotError):
        ask(Endpoint(server.url))
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("reply", "words", "kind"),
    [
        (status(401), "rejects the key", CopilotError),
        (status(403), "rejects the key", CopilotError),
        (status(404), "has no model 'some-model'", Missing),
        (status(429, {"Retry-After": "7"}), "Try again in 7 seconds", CopilotError),
        (status(429, {"Retry-After": "soon"}), "Try again later", CopilotError),
        (status(500), "HTTP 500", CopilotError),
        (status(503), "HTTP 503", CopilotError),
        (status(400), "refused the request", CopilotError),
        (garbage(), "cannot be used", CopilotError),
    ],
)
def test_faults_become_sentences(
    server: OpenAIServer, reply: Reply, words: str, kind: type[CopilotError]
) -> None:
    server.faults.append(reply)
    with pytest.raises(kind, match=words) as caught:
        ask(Endpoint(server.url, KEY))
    assert KEY not in str(caught.value)
    assert caught.value.__suppress_context__
    assert len(server.requests) == 1


def test_a_cut_answer_is_an_error(server: OpenAIServer) -> None:
    server.faults.append(cut())
    with pytest.raises(CopilotError):
        ask(Endpoint(server.url))


def test_without_a_key_401_says_so(server: OpenAIServer) -> None:
    server.faults.append(status(401))
    with pytest.raises(CopilotError, match="wants a key"):
        ask(Endpoint(server.url))


@pytest.mark.parametrize("way", ["never", "dripping"])
def test_the_time_limit_is_for_the_whole_answer(server: OpenAIServer, way: str) -> None:
    server.faults.append(server.never() if way == "never" else server.dripping())
    with pytest.raises(CopilotError, match=r"within 0.1 seconds"):
        ask(Endpoint(server.url, timeout=0.1))


def test_refused() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        with pytest.raises(Missing, match="cannot be reached"):
            ask(Endpoint(f"http://127.0.0.1:{port}/v1"))
