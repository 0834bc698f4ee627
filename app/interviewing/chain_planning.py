"""Which chains a deep dive works through, and on which claims of the resume. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from app.domain.interview import Claim, PlannedQuestion, Seniority
from app.domain.resume import Resume
from app.interviewing.job_lines import JobLines
from app.material.corpus import DEEP_DIVE, Corpus
from app.material.entries import Chain

LEAST_FOR_A_CHAIN_S = 240
FIRST_CHAIN_SHARE = 0.6
JOB_WORTH = 1.5
"""Of a claim on what the job description asks for, beside figures (2.0) and techniques (0.5 each)."""


@dataclass(frozen=True, slots=True)
class ChainWish:
    """For whom, how long, and what of it is known already."""

    role: str
    seniority: Seniority
    budget_s: float
    heard: frozenset[str]
    excluded: frozenset[str]
    job: JobLines


def plan_chains(corpus: Corpus, wish: ChainWish, resume: Resume | None) -> tuple[PlannedQuestion, ...]:
    """Chains on claims of the resume, from different projects where there are some; general chains where none matches.

    One that was heard before comes only where there is no other.
    """
    fitting = [
        chain
        for chain in corpus.chains.values()
        if wish.role in chain.roles and wish.seniority in chain.seniority and chain.id not in wish.excluded
    ]
    general = sorted(
        (chain for chain in fitting if chain.any_project), key=lambda chain: (chain.id in wish.heard, chain.id)
    )
    pairs = _claims_with_chains(corpus, wish, [chain for chain in fitting if not chain.any_project], resume)
    deep_dive = _DeepDive(wish, resume)
    deep_dive.on_claims([pair for pair in pairs if pair[1].id not in wish.heard])
    deep_dive.on_any([chain for chain in general if chain.id not in wish.heard])
    if not deep_dive.picked:
        deep_dive.on_claims(pairs)
    if not deep_dive.picked:
        deep_dive.on_any(general[:1])
    return tuple(deep_dive.picked)


class _DeepDive:
    def __init__(self, wish: ChainWish, resume: Resume | None) -> None:
        self._wish = wish
        self._resume = resume
        self._left_s = wish.budget_s
        self._projects: set[str] = set()
        self.picked: list[PlannedQuestion] = []

    def on_claims(self, pairs: list[tuple[Claim, Chain]]) -> None:
        for fresh_project in (True, False):
            for claim, chain in pairs:
                if any(one.question_id == chain.id for one in self.picked):
                    continue
                if fresh_project and claim.project in self._projects:
                    continue
                if self.picked and self._left_s < LEAST_FOR_A_CHAIN_S:
                    return
                # Two projects taken apart tell more than one to its last bolt: the first leaves room for a second.
                roomy = self.picked or self._left_s < 2 * LEAST_FOR_A_CHAIN_S
                room_s = self._left_s if roomy else self._left_s * FIRST_CHAIN_SHARE
                self._take(chain, claim, room_s, f"Your resume names it: {chain.technique}.")

    def on_any(self, chains: list[Chain]) -> None:
        """Chains that fit any project: one where no technique was recognised, more while there is time."""
        for chain in chains:
            if self.picked and self._left_s < LEAST_FOR_A_CHAIN_S:
                return
            claim = _best_other_claim(self._resume, self._projects, [one.claim for one in self.picked])
            if self.picked and claim is None and self._resume is not None:
                return
            because = "It takes a claim of your resume apart." if claim else "It is about a project of your own choice."
            self._take(chain, claim, self._left_s, because)

    def _take(self, chain: Chain, claim: Claim | None, room_s: float, because: str) -> None:
        seconds = int(min(chain.seconds.whole, max(room_s, 120)))
        tests = self._wish.job.tested_by(chain.topics, DEEP_DIVE, chain.id)
        if chain.id in self._wish.heard:
            because = f"{because} You have heard it before: nothing else that fits was left."
        if tests:
            because = f"{because} The job description asks for it."
        self.picked.append(PlannedQuestion(chain.id, seconds, claim=claim, why=because, tests=tests))
        if claim is not None:
            self._projects.add(claim.project)
        self._left_s -= seconds


def _claims_with_chains(
    corpus: Corpus, wish: ChainWish, chains: list[Chain], resume: Resume | None
) -> list[tuple[Claim, Chain]]:
    """Claims whose words open a chain, the most telling first: those with figures, with techniques, with what the job asks for."""
    pairs: list[tuple[float, int, Claim, Chain]] = []
    claims = [claim for project in resume.projects for claim in project.claims] if resume is not None else []
    for order, claim in enumerate(claims):
        for chain in chains:
            if corpus.chain_matches(chain, claim.text):
                figures = any(character.isdigit() for character in claim.text)
                # A chain on one technique fits better the more of the claim is about it.
                score = (
                    (2.0 if figures else 0.0)
                    + min(len(claim.techniques), 3) * 0.5
                    + (1.0 if len(claim.text) > 60 else 0.0)
                    + (JOB_WORTH if wish.job.tested_by(chain.topics, DEEP_DIVE, chain.id) else 0.0)
                )
                pairs.append((score, order, claim, chain))
    pairs.sort(key=lambda pair: (-pair[0], pair[1], pair[3].id))
    return [(claim, chain) for _, _, claim, chain in pairs]


def _best_other_claim(
    resume: Resume | None, projects: Collection[str], taken: Collection[Claim | None]
) -> Claim | None:
    """The most telling claim that nothing was planned on yet, of another project where there is one."""
    if resume is None:
        return None
    others = [claim for project in resume.projects if project.name not in projects for claim in project.claims]
    others = others or [claim for project in resume.projects for claim in project.claims if claim not in taken]
    return max(others, key=lambda claim: (any(c.isdigit() for c in claim.text), len(claim.techniques)), default=None)
