"""The same from Python as from the shell: load a campaign, run it, look at what came out.

>>> import sandtable
>>> run = sandtable.load("khalkhin-gol-1939").run(replications=200, seed=1)
>>> run.outcomes["losses/japan/personnel/total"].mean()
>>> for row in run.compare():
...     print(row.outcome, row.verdict)
"""

from sandtable.campaign.campaign import Campaign, available, load, open_run
from sandtable.campaign.replay import Replay
from sandtable.campaign.run import CampaignRun, baselines_of

__all__ = ["Campaign", "CampaignRun", "Replay", "available", "baselines_of", "load", "open_run"]
