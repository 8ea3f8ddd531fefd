"""Steps of a training: how far it is, and telling it now and then."""

import time
from dataclasses import dataclass, field

from bot.tuning.reporting import say

_EVERY_SECONDS = 0.5


@dataclass(slots=True)
class Pace:
    """Counts steps and tells them.

    Attributes:
        steps: How many there will be.
        device: What is trained on, as people read it.
        step: How many are done.
        loss: Of the last step.
        validation_loss: Of the last look.
    """

    steps: int
    device: str
    step: int = 0
    loss: float | None = None
    validation_loss: float | None = None
    _began: float = field(default_factory=time.monotonic)
    _told: float = 0.0

    def done(self, loss: float) -> None:
        """Count a step."""
        self.step += 1
        self.loss = loss
        if time.monotonic() - self._told >= _EVERY_SECONDS or self.step == self.steps:
            self.tell()

    def skip(self, steps: int) -> None:
        """Take back steps that will not be done, since training stops early."""
        self.steps -= steps
        self.tell()

    def looked(self, loss: float) -> None:
        """Keep the loss on the validation examples."""
        self.validation_loss = loss
        self.tell()

    def tell(self) -> None:
        """Say how far it is."""
        self._told = time.monotonic()
        left = (self._told - self._began) / self.step * (self.steps - self.step) if self.step else None
        say(
            "step",
            step=self.step,
            steps=self.steps,
            loss=self.loss,
            validation_loss=self.validation_loss,
            seconds_left=left,
            device=self.device,
        )
