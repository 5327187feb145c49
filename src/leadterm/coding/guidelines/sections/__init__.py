"""II, III and IV: what the setting makes of a chart."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Opener, Phase, Step

from . import background, principal, studies

STEPS: tuple[Step, ...] = (
    Step(Phase.SPARE, background.without_family),
    Step(Phase.SPARE, background.without_earlier),
    Step(Phase.SPARE, background.without_done_here),
    Step(Phase.SELECT, principal.select),
    Step(Phase.ORDER, studies.ordered_for_first),
)
OPENERS: tuple[Opener, ...] = (background.open_in_stay,)
