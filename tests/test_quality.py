"""Ranking finds the right passages of the samples as well as it did when it was measured.

With BOUND at 1 the test fails and shows its table. Whoever makes ranking better raises the bound.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import log2
from pathlib import Path
from statistics import mean

import pytest

import research
from research.embedder import Embedder
from research.repository import Repository

BOUND = 0.37  # what the mean nDCG@10 is at least; 0.392 when measured
FOUND_NONE = 2  # the most queries that may find none of the right passages in ten; 1 when measured
PER_PERSON = 2  # the most passages of one person that a search shows, and so that it can be expected to find

# Query -> texts, each in one of the right passages; found by reading the interviews from end to end, not by searching.
QUESTIONS = {
    "What happens at the desk when the system is down or slow?": (
        "Because at ten past nine the screen will spin",
        "Two minutes, four minutes. It doesn't sound long.",
        "the page took over 10 seconds to switch days",
        "the provider does maintenance at three",
        "At three in the morning when you're down",
        "you had an outage of about forty minutes",
        "She's faster than your status page",
    ),
    "Who lost work that they had already entered?": (
        'said "couldn\'t save" and it was gone',
        "And it says couldn't save. And it's back at the beginning",
        "the tablet does an update by itself and restarts",
        "I had to write them again out of my memory",
        "was entered between 2:10 and 2:35 is gone",
        "it signs me out and what I'd written is gone",
        "I came back in June to a blank page",
        "I spent a morning saving nothing",
        "Barn. No signal. Lost the bill.",
        "and they're all grey squares",
    ),
    "Was one patient's record ever mixed up with another's?": (
        "fitted on another man's curve",
        "'s diabetes in it. He rang me.",
        "a histology report that sat in the wrong chart",
        "the Ferncastle twins as one child",
        "it made siblings into one person",
        "a merge that had put two brothers together",
    ),
    "What do people say about the chat bot?": (
        'The robot said "Great question!"',
        "Tilly sent me the article on importing",
        "I pressed the question mark and it's Tilly",
        'If you write "agent" three times',
        "let a person read it before Tilly does",
        "It told me Tilly's always there for me",
        "the bot said support hours are eight to six",
        "Your chat says average wait is 4 minutes",
        "Help chat was closed every time he needed it",
    ),
    "Why did trials end without a purchase?": (
        "the first one ran out while I was up to the elbow",
        "The clock runs from when you sign up",
        "Because I don't have a card. I'm the practice manager.",
        "And I closed the lid.",
        "On day nine somebody should have seen",
        "wanted a card number before she'd finished looking",
        "I said yes it says so on the page",
        "That was when I stopped. I don't say it's a bad product.",
        "We went back to what we had, a wall calendar",
        "He stopped because of the repeats",
        "it makes me think the price depends on how I sound",
        "What stopped me? The file.",
        "Barn. No signal. Lost the bill.",
    ),
    "Who decides whether a practice buys or changes software?": (
        "I choose, he pays.",
        "I don't look at software until she tells me",
        "proposes, I'm asked whether we can afford it",
        "we decide everything over soup",
        "two taps and beige",
        "If you can't work it then we're not having it",
        "I ended up saying no, on my own authority",
        "If you move us I'll move as well",
        "If you'd asked the desk we would have stayed",
    ),
}
FINDINGS = {
    "Several participants keep a paper list or a notebook beside the app": (
        "The bad luck book. It's who's died.",
        "So I've the book and I check every letter",
        "So we've got a whiteboard. That's the real system.",
        "There's a book in the door. Blue one.",
        "I write it on the feed bag, like I've always done",
        "'s got a paper diary",
        "Everyone laughs about the tape",
        "keeps the weights on masking tape",
        "I've got all of that in a notebook with a cat on it",
        "A paper book at reception",
        "So I count from the birth book",
        "They write hours on a card",
        "and they write me their hours on a card",
        "It's in the shoebox, the slips.",
        "a piece of paper with strokes on it",
        "I've got a little notebook with a page for each",
    ),
    "People share one login because another seat costs too much": (
        "They all go in as me.",
        "it's thirty-eight dollars for a girl who does",
        "The other five are sharing",
        'It\'s one login called "therapist two"',
        'Before that I was one fifth of "therapist two"',
        "they log in with the desk's account because it's already open",
        'if we should have one called "relief vet"',
        "In a physio place I suppose you could share",
        "I can't ask them to share because of the signatures",
    ),
    "Bookkeepers and managers cannot explain the lines of their invoice to whoever pays it": (
        "not one of them says whose seat, or from which day",
        "Nobody at Pinebrook did anything different in May",
        'when he pays a bill that says "adjustment"',
        "Yours says adjustment. I don't hold with adjustment.",
        "I can't explain why texts were 112 dollars",
        "brackets are where they hide the knife",
        "what I call the confetti",
        "In June, fifty-four lines.",
        "For three people it's nearly a fourth person",
        "Elm Road's share on it and no explanation",
        "seven people and weather",
        "I can explain each one, I just can't defend them",
        "There's no category for half of your lines",
        "in the order in which the computer thought of it",
    ),
    "Text messages cost more than customers expected, and nothing warned them beforehand": (
        "April was 14.20, May was 61.88",
        "nothing told her that it would cost forty-seven dollars",
        "I spent forty-seven dollars without knowing",
        "I can't explain why texts were 112 dollars",
        "I'd budgeted nothing as I thought that campaigns were in the plan",
        "Tell me what a thing will cost before somebody clicks it",
        "So I've been telling my staff to text less",
    ),
    "Support answers with an article or a link instead of a person": (
        "there's a video. I don't want a video.",
        "Tilly sent me the article on importing",
        "a very long thing about landlines",
        "don't send me the article about landlines again",
        "They answered with an article",
        "a link on how to set my own computer's clock",
        "You can manage a client's communication preferences",
        "Here are some articles about uploading photos",
        "I would not accept a link in place of that",
        "I had contacted you!",
        "Both times I got a link to the pricing page",
    ),
    "Practices depend on what one colleague carries in their head": (
        "a sixty-three-year-old woman's memory",
        "A paper book at reception, ",
        "She sat there and emptied her head",
        "Those are in my head. I know which are ",
        "you, my head, and a card with a coffee ring",
        "none of it's written down anywhere, you learn it by sinning",
        "If he goes under a bus we're on paper",
        ' will tell us."',
        "So I don't use it to decide any more.",
        "and ask if it's pizza or not pizza",
    ),
    "Filling cancelled slots by text message is unfair to older patients and promises one slot twice": (
        "the slot's gone to someone of sixty",
        "So it's the quick ones who get seen",
        "give each one an hour to answer before it goes on",
        "Backfill texted the same free slot to 14 people",
        "so it doesn't promise the same one twice",
    ),
    "Clinicians are put off by a utilisation figure that is wrong": (
        "their own utilisation in a large circle",
        "In the first month always. It divides by the standard hours",
        "It's this circle that greets me",
        "With blue tack.",
        "It exceeds one hundred per cent for people I've met",
        "The utilisation chart says 112% for Dr. ",
        "It said a hundred and three per cent",
        "But what you show me is utilisation",
    ),
}
KEYWORDS = {
    "bulk import": (
        "There are thirty-one columns in your template",
        "Your upload takes five thousand rows",
        "duplicates are only detected within a file",
        'step one, "match your columns"',
        "eleven hundred of the six thousand rows had problems",
        "The checker tells you what is wrong only after you've given it everything",
        "Let me load the list into a copy",
        "tried the spreadsheet with all two hundred and twelve",
        "There's no undo for an import!",
        "just bring in the families that start in September",
        "the dates are day first, and ours are month first",
        "your importer found fault with every fifth row",
    ),
    "make exports schedule themselves": (
        "It'd be in my mailbox on the first",
        "Send it to my phone at seven on Monday",
        "That I could save the thing I did last month and just do it again",
        "Every night I fetch the exports from all six",
        "I'd stop the fetching, gladly",
        "I open your Month Summary, for each of the eleven sites in turn",
        'eleven files that are all called "month_summary.csv"',
        "So I download each as CSV, and I have a master spreadsheet",
        'Somebody to say "here is the one for the ministry"',
    ),
    "audit log of who changed an appointment": (
        "There is no trace afterwards of who moved what",
        "I ask the three on my desk, did you move her?",
        "Gone. It's as though she'd never been.",
        "Who, when, from what to what. Four words.",
        "in pencil you could see where you'd rubbed something out",
    ),
    "single sign-on, and accounts that close when staff leave": (
        "We have single sign-on for everything else",
        "I've asked for single sign-on since the spring",
        "You shouldn't charge for the lock on the door",
        "If your system read our directory then there wouldn't be a gap",
        "There isn't one to deactivate a user",
        "No one e-mails me when somebody leaves",
        "Deactivate. It isn't even close.",
        "Because nobody's job is to remove them",
        "There's no end date!",
        " who finished on Friday",
        "compare our staff list to yours",
    ),
    "custom roles and permissions": (
        "there is no role for them",
        "Four roles, you can't make your own",
        "there is no manager for two of eleven",
        "Every term we get two midwifery students",
        "Chart yes, money no, booking no",
        "A supervisor can see everybody or only herself",
        "isn't a way for them to trust me only a bit",
        "Because I can see everything.",
        "That I could say who may see which",
        "There was one switch, notes on or notes off",
    ),
    "accessibility": (
        "I see roughly a sixth of your page",
        "he uses a magnifier thing on the screen because of his sight",
        "Put it where my hand is",
        "They come up in the top right corner",
        "My whole speed is in the keyboard",
        " on a slightly different grey",
        "I'm the one who asked about keyboard shortcuts",
        "It's the whitest thing in the county",
        "could the tick box for consent be bigger",
        "they've got a tremor",
        "Half of my trade are people who can't hear a phone either",
    ),
    "accounting integration": (
        "So in the summer you made the connection",
        "by Monday she had every client in the books twice",
        "Our clients have initials in Tallybook",
        "I have 63 duplicate invoices this week",
        "sixty-three invoices double",
        "Tallybook can read a PDF, in theory",
        "puts out one for the ledger",
        "it's in the ledger in the evening",
    ),
    "undo for imports and merges": (
        "There's no undo for an import!",
        "Let him undo an import.",
        "There's no unmerge.",
        "until the merge was undone",
        "Control Z, on the calendar",
        "throw it away and load it again",
        "could not re-import without making everybody twice",
    ),
    "sandbox or test mode": (
        "is there a pretend mode",
        "Nobody tells you there's a sandbox",
        "A rehearsal. Let me load the list into a copy where nothing counts",
        "there is now a patient called Test Icicle",
    ),
}
RIGHT = QUESTIONS | FINDINGS | KEYWORDS


@pytest.fixture(scope="module")
def demo(demo_home: Path, real_embedder: Embedder) -> Iterator[Repository]:
    repo = research.open(demo_home, embedder=real_embedder)
    yield repo
    repo.close()


def ndcg(right: Sequence[bool], total: int) -> float:
    """Normalised discounted cumulative gain of ten hits that are right or not; `total` is how many could be right."""
    best = sum(1 / log2(place + 1) for place in range(1, min(total, 10) + 1))
    return sum(1 / log2(place + 1) for place, one in enumerate(right[:10], start=1) if one) / best


@pytest.mark.model
@pytest.mark.xdist_group("model")
def test_the_right_passages_are_found_as_well_as_ever(demo: Repository) -> None:
    passages = [passage for note in demo.notes() for passage in demo.note(note.id).passages]
    scores, table, found_none = [], ["nDCG@10  found     query"], 0
    for query, texts in RIGHT.items():
        holding = {text: [passage for passage in passages if text in passage.text] for text in texts}
        assert [text for text, found in holding.items() if len(found) != 1] == [], f"not in one passage: {query}"
        right = {passage.id: passage.participant for found in holding.values() for passage in found}
        total = sum(min(PER_PERSON, count) for count in Counter(right.values()).values())
        hits = [hit.id in right for hit in demo.search(query, limit=10)]
        scores.append(ndcg(hits, total))
        found_none += not any(hits)
        table.append(f"{scores[-1]:7.3f}  {sum(hits):2} of {min(10, total):2}  {query}")
    said = "\n".join(["", *table, f"{mean(scores):7.3f}  the mean; {found_none} queries found none"])
    assert mean(scores) >= BOUND, said
    assert found_none <= FOUND_NONE, said
