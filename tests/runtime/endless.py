"""Records a session that goes on until somebody kills the process: `python -m ... FOLDER`.

The folder is INTERVIEW_COPILOT_HOME; every session lies beside its recordings.
"""

from __future__ import annotations

from datetime import UTC, datetime

from copilot import resources
from copilot.core.settings import Settings
from copilot.reasoning.types import Question
from copilot.runtime.candidate import Part
from copilot.runtime.store import new_id
from tests.runtime.studio import Studio


def main() -> None:
    """Two hundred questions with long answers."""
    questions = tuple(Question(id=f"q{n}", text="How do you notice drift?") for n in range(200))
    studio = Studio(resources.home(), settings=Settings(questions=questions))
    studio.id = new_id(datetime.now(UTC))
    answer = studio.answer("long", 550, seconds=20)
    studio.run([Part(question.id, answer) for question in questions])


if __name__ == "__main__":
    main()
