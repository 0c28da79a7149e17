"""Markdown and plain text: every layout that notes and transcripts come in, a sample each."""

from __future__ import annotations

from datetime import date

import pytest
from readers_support import Sample, check, read_one

SAMPLES = (
    Sample(
        "labels with a colon",
        """
        Interviewer: How did the setup go?
        Dana: It took me two evenings.
        I gave up twice.

        Interviewer: What stopped you?
        Dana: The certificate page.
        """,
        says={
            "How did the setup go?": ("Interviewer", "interviewer", ""),
            "two evenings": ("Dana", None, ""),
            "I gave up twice": ("Dana", None, ""),
            "certificate page": ("Dana", None, ""),
        },
    ),
    Sample(
        "bold labels, front matter names the interviewer",
        """
        ---
        title: Setup call
        date: 2026-03-04
        moderator: Noor Haddad
        team: growth
        tags: [setup, pricing]
        ---
        # Something else

        **Noor:** What did you expect?

        **Ilse Brandt:** A price, on the first page.

        And a phone number.
        """,
        says={
            "What did you expect?": ("Noor", "interviewer", "Something else"),
            "A price": ("Ilse Brandt", None, "Something else"),
            "And a phone number.": ("Ilse Brandt", None, "Something else"),
        },
        metadata={
            "title": "Setup call",
            "date": date(2026, 3, 4),
            "team": "growth",
            "tags": ("setup", "pricing"),
            "interviewers": ("Noor Haddad",),
        },
        origins={"title": "front matter", "date": "front matter"},
    ),
    Sample(
        "bold name without a colon",
        """
        **Maya** So where do you begin?

        **Theo** With the old invoices.

        **Maya** And then?

        **Theo** Then I print them.
        """,
        says={"With the old invoices.": ("Theo", None, ""), "And then?": ("Maya", "interviewer", "")},
        interviewers=("maya",),
    ),
    Sample(
        "questions as headings, answers labelled or not",
        """
        # Carer interview
        ## Warm-up
        #### Moderator: Tell me about a normal day?

        **Caregiver:** It starts at five.

        #### Moderator: Do you use the portal?

        I do, but only on the tablet.

        *Shares her screen.*
        """,
        says={
            "Tell me about a normal day?": ("Moderator", "interviewer", "Warm-up"),
            "It starts at five.": ("Caregiver", "participant", "Warm-up"),
            "only on the tablet": ("Caregiver", "participant", "Warm-up"),
            "Shares her screen.": ("", None, "Warm-up"),
        },
        metadata={"title": "Carer interview"},
        origins={"title": "heading"},
    ),
    Sample(
        "Q and A",
        "Q: What is missing?\nA: A search box.\n\nQ: Anything else?\nA: No, that is it.\n",
        name="call.txt",
        says={"What is missing?": ("Q", "interviewer", ""), "A search box.": ("A", "participant", "")},
    ),
    Sample(
        "M and R",
        "M: Why so late?\nR: Because of the audit.\nM: Whose?\nR: Ours.\n",
        says={"Why so late?": ("M", "interviewer", ""), "Because of the audit.": ("R", "participant", "")},
    ),
    Sample(
        "I and P",
        "I: And the app?\nP: I deleted it.\nI: When?\nP: Last spring.\n",
        says={"And the app?": ("I", "interviewer", ""), "I deleted it.": ("P", "participant", "")},
    ),
    Sample(
        "only the interviewer is labelled",
        """
        Moderator: How do you pay today?

        By bank transfer, always.

        Moderator: Why not by card?

        The fees eat my margin.
        """,
        says={
            "How do you pay today?": ("Moderator", "interviewer", ""),
            "By bank transfer": ("", None, ""),
            "The fees eat my margin.": ("", None, ""),
        },
    ),
    Sample(
        "what the customer asked is what the customer said",
        """
        # Call with the harbour office

        ## Questions they asked
        - Can we export to a sheet?
        - Do you support single sign-on?
        - How much is it for ten?
        """,
        says={
            "Can we export": ("", None, "Questions they asked"),
            "How much is it": ("", None, "Questions they asked"),
        },
    ),
    Sample(
        "dates and times as answers are answers",
        """
        # Guide
        - When did you join us?
          > 3 May 2021
        - When do you open?
          > 10:30
        - What do you sell?
          > Rope

        ### And since when in this town?
        P2: 2021-05-14
        """,
        says={
            "3 May 2021": ("", None, "When did you join"),
            "10:30": ("", None, "When do you open"),
            "2021-05-14": ("P2", "participant", "since when"),
        },
    ),
    Sample(
        "a label alone on its line",
        "Interviewer:\nHow was it?\n\nParticipant:\nIt was cold.\nAnd wet.\n",
        says={"How was it?": ("Interviewer", "interviewer", ""), "And wet.": ("Participant", "participant", "")},
    ),
    Sample(
        "bold Q lines, answers with and without a name",
        """
        **Q: How did you start?**

        Marek: On a Friday.

        **Q: What went wrong?**

        The time zone, everywhere.

        Even in the invoices.

        **Q: And now?**

        Marek: Better.
        """,
        says={
            "How did you start?": ("Q", "interviewer", ""),
            "On a Friday.": ("Marek", None, ""),
            "The time zone": ("", None, ""),
            "Even in the invoices.": ("", None, ""),
        },
    ),
    Sample(
        "an interviewer of many paragraphs stays one",
        """
        Interviewer: Thanks for coming.

        I will share my screen now.

        P7: Fine.

        Interviewer: Here it is.

        And what do you see?

        P7: A list.

        It is long.
        """,
        says={
            "share my screen": ("Interviewer", "interviewer", ""),
            "And what do you see?": ("Interviewer", "interviewer", ""),
            "It is long.": ("P7", "participant", ""),
        },
    ),
    Sample(
        "role in brackets and a stamp behind the name",
        """
        Jonas (Interviewer) (00:00:04): Where does it hurt?
        Petra K (00:00:09): The export. [inaudible] Every Friday.
        Jonas (Interviewer) (00:01:02): What do you do then?
        Petra K (00:01:07): I copy it by hand.
        """,
        says={
            "Where does it hurt?": ("Jonas (Interviewer)", "interviewer", ""),
            "The export. Every Friday.": ("Petra K", None, ""),
        },
        starts={"Where does it hurt?": 4.0, "The export.": 9.0, "I copy it": 67.0},
        never=("inaudible", "00:01"),
    ),
    Sample(
        "inline stamps",
        """
        **Rosa Lind:** [00:00:00] Welcome everybody.

        **Ben Ode:** I run the shop [00:01:00] with my brother.

        **Rosa Lind:** Since when?

        **Ben Ode:** Since the flood.
        """,
        says={"I run the shop with my brother.": ("Ben Ode", None, "")},
        starts={"Welcome": 0.0, "Since when?": 60.0},
        never=("[00",),
    ),
    Sample(
        "Otter",
        """
        Sidney  0:03
        Thanks for making the time.

        Unknown Speaker  0:41
        Sorry, I was muted.

        Ama Owusu  1:05
        We lost two orders that week.

        Sidney  1:20
        Which ones?

        Transcribed by https://otter.ai
        """,
        name="call.txt",
        says={
            "Thanks for making": ("Sidney", "interviewer", ""),
            "I was muted": ("Unknown Speaker", None, ""),
            "We lost two orders": ("Ama Owusu", None, ""),
        },
        starts={"Thanks": 3.0, "We lost": 65.0},
        never=("otter",),
        left_out=("footer",),
        interviewers=("Sidney",),
    ),
    Sample(
        "Otter without times",
        """
        Sidney Poe
        Thanks for making the time.

        Ama Owusu
        We lost two orders that week.

        Sidney Poe
        Which ones?

        Ama Owusu
        The big ones.

        Sidney Poe
        I see.
        """,
        name="call.txt",
        says={"We lost two orders": ("Ama Owusu", None, ""), "Which ones?": ("Sidney Poe", None, "")},
    ),
    Sample(
        "Gemini: only the transcript",
        """
        # Notes: Renewal call
        Jun 3, 2026
        Invited Casey Boone, Lin Wu
        ## Summary
        The customer was said to be delighted by everything.
        ## Suggested next steps
        - Casey will send a quote.
        ## 📖 Transcript
        ### 00:00:53
        **Casey Boone:** Did the import work?
        **Lin Wu:** Not once.
        ### 00:02:10
        **Casey Boone:** What did you see?
        **Lin Wu:** A blank page.

        Transcription ended after 00:03:10

        This editable transcript was computer generated and might contain errors.
        """,
        says={"Not once.": ("Lin Wu", None, ""), "A blank page.": ("Lin Wu", None, "")},
        starts={"Not once.": 53.0, "A blank page.": 130.0},
        never=("delighted", "send a quote", "ended after", "computer generated", "Invited"),
        left_out=("Summary", "next steps", "footer"),
        metadata={"date": date(2026, 6, 3)},
    ),
    Sample(
        "machine summary and edited version before a raw transcript",
        """
        # Talk about queues

        Published on 2026-01-02T10:00:00Z

        ## Summary

        In this video, somebody explains how much they love queues.

        # Cleaned talk

        **Host:** Welcome to the show.

        ## Raw transcript

        so um hello I hate queues they never drain on a monday and nobody ever told me why that is
        """,
        says={"I hate queues": ("", None, "")},
        never=("love queues", "Welcome to the show"),
        left_out=("Summary",),
        metadata={"date": date(2026, 1, 2)},
    ),
    Sample(
        "guide with bullets beneath headings",
        """
        # Participants 1-3, general notes

        Moderator: Lois Adeyemi

        - Nobody found the export.
        - Maybe we don't need so many buttons?
        - The table was
        read upside down.
        """,
        says={
            "Nobody found the export.": ("", None, "general notes"),
            "Maybe we don't need so many buttons?": ("", None, "general notes"),
            "The table was read upside down.": ("", None, "general notes"),
        },
        never=("Lois",),
        metadata={"interviewers": ("Lois Adeyemi",), "participant": ""},
    ),
    Sample(
        "answers typed behind the guide's questions",
        """
        # Conversation guide

        The following questions are a way to get to know you better. Feel free to skip any.

        * Tell me about yourself. Where do you live? Near the harbour. I grew up there.
        * How long have you been trading? Since 2009 – 17 years.
        * Do you use a screen reader? No.
        * What phone do you have?
        * Do you have a shop?
            * If yes: How far is it? Ten minutes on foot.
        Parking is the problem.
        """,
        says={
            "Near the harbour. I grew up there.": ("", None, "Where do you live?"),
            "Since 2009 – 17 years.": ("", None, "How long have you been trading?"),
            "Ten minutes on foot.": ("", None, "How far is it?"),
            "Parking is the problem.": ("", None, "How far is it?"),
            "get to know you better": ("", "interviewer", "Conversation guide"),
        },
        never=("What phone", "Do you have a shop"),
        left_out=("2 questions without an answer",),
    ),
    Sample(
        "numbered questions, probes in brackets",
        """
        1. What do you expect of the hotline, on the phone or online?
        * It should be quick
        * (What does quick mean to you?) Under a minute
        * (laughs) or two
        2. How often do you call? If never, why not?
        * Twice a year.
        """,
        says={
            "It should be quick": ("", None, "What do you expect of the hotline"),
            "Under a minute": ("", None, "What does quick mean to you?"),
            "or two": ("", None, "What do you expect of the hotline"),
            "Twice a year.": ("", None, "If never, why not?"),
        },
    ),
    Sample(
        "questions with quoted answers",
        """
        ## P11 Transcript

        Date: Thursday, December 7, [Time]
        Moderator: Christina Roe

        ### General
        - Have you claimed for travel? (Note: on paper or online)
          > Yes

        - What would you change?
          > The map. It sends me over the lake.

        - Is anything confusing?
          >

        - Submitted
          > It means they have it.
        """,
        says={
            "Yes": ("", None, "Have you claimed for travel?"),
            "The map.": ("", None, "What would you change?"),
            "It means they have it.": ("", None, "Submitted"),
        },
        never=("confusing", "Christina"),
        metadata={"participant": "P11", "interviewers": ("Christina Roe",), "date": None},
        origins={"participant": "heading"},
    ),
    Sample(
        "plain questions and lines beneath them",
        """
        Interview with Tomas Ruud, shop owner
        3/26/24

        Tell us a bit about your role?
        Runs the shop with two others
        She does the books
        What do you do when stock runs low?
        How do suppliers hear of it?
        By phone, and it is always too late
        Why do you think that is?
        They only read e-mail on Mondays
        """,
        says={
            "Runs the shop": ("", None, "Tell us a bit about your role?"),
            "She does the books": ("", None, "Tell us a bit about your role?"),
            "By phone": ("", None, "How do suppliers hear of it?"),
            "on Mondays": ("", None, "Why do you think that is?"),
        },
        never=("What do you do when", "3/26"),
        metadata={"participant": "Tomas Ruud", "date": date(2024, 3, 26)},
        origins={"date": "header"},
    ),
    Sample(
        "bold questions",
        """
        **How do you plan the week?**
        On paper, every Sunday.

        **Reaction to the first sketch:**
        Too many colours.
        """,
        says={
            "On paper": ("", None, "How do you plan the week?"),
            "Too many colours.": ("", None, "Reaction to the first sketch"),
        },
    ),
    Sample(
        "interview report with question headings",
        """
        # Adopter interview - Example Corp

        Interview date: Sept. 6th, 2024
        Interviewee: Mevlut Sander, Architect, Example Corp

        ## Motivation

        ### What drew you to the project?

        We needed two protocols:

        - object
        - file
        """,
        says={"We needed two protocols:": ("", None, "What drew you"), "object": ("", None, "What drew you")},
        metadata={"date": date(2024, 9, 6), "participant": "Mevlut Sander"},
        origins={"date": "header", "participant": "header"},
        never=("Mevlut",),
    ),
    Sample(
        "several participants in one note",
        """
        # Usability test

        ### Session 1
        Tuesday, June 7 at 2pm

        - Could not find the button
        \t- Tried the menu first

        ### Session 2

        - Found it at once
        """,
        says={
            "Could not find": ("Session 1", None, "Session 1"),
            "Tried the menu": ("Session 1", None, "Session 1"),
            "Found it at once": ("Session 2", None, "Session 2"),
        },
        never=("June 7",),
    ),
    Sample(
        "participants as headings",
        "## P3\nNever heard of it.\n\n## P4\nUses it daily.\n### Money\nPays by card.\n",
        says={
            "Never heard": ("P3", "participant", "P3"),
            "Uses it daily": ("P4", "participant", "P4"),
            "Pays by card": ("P4", "participant", "Money"),
        },
    ),
    Sample(
        "matrix table",
        """
        # Round 2
        | Question | P1 | P2 |
        |---|---|---|
        | What do you use? | Paper | n/a |
        | Why? | It never crashes | I was told to |
        """,
        says={
            "Paper": ("P1", "participant", "What do you use?"),
            "It never crashes": ("P1", "participant", "Why?"),
            "I was told to": ("P2", "participant", "Why?"),
        },
        never=("n/a",),
    ),
    Sample(
        "table of another kind",
        "| Attribute | Copied |\n|--|--|\n| Location | Yes |\n| Time | Only if asked |\n",
        says={"Location; Copied: Yes": ("", None, ""), "Time; Copied: Only if asked": ("", None, "")},
    ),
    Sample(
        "a report is no dialogue",
        """
        # Findings
        Summary: People like it.
        Pros: It is quick.
        Cons: It is loud.
        **Format:** remote, five people
        **Where:** online
        10:30 Meeting: we began late
        Note: none of this was recorded
        See https://example.org: a page
        """,
        says={
            "Summary: People like it.": ("", None, "Findings"),
            "Cons: It is loud.": ("", None, "Findings"),
            "10:30 Meeting": ("", None, "Findings"),
            "Format: remote": ("", None, "Findings"),
        },
    ),
    Sample(
        "quotes and whose they are",
        """
        ## Invitations
        People did not trust the text message.

        > It doesn't sell me the benefits
        > -- P9, usability test participant, about the message

        “I thought it was a scam” – P4
        """,
        says={
            "People did not trust": ("", None, "Invitations"),
            "sell me the benefits": ("P9", "participant", "Invitations"),
            "I thought it was a scam": ("P4", "participant", "Invitations"),
        },
        never=("usability test participant",),
    ),
    Sample(
        "checklist",
        "# Device\n- [x] Phone\n- [ ] Tablet\n",
        says={"Phone": ("", None, "Device")},
        never=("Tablet", "[x]"),
    ),
    Sample(
        "markup is cleaned, words of links are kept",
        """
        <!-- internal: do not share -->
        {% from "x.njk" import y %}
        [[toc]]
        Read [the **price** page](https://example.org/a_(b)) first,[^1] she said &amp; _left_.
        ![a picture](x.png "Figure")
        {{ gallery({ items: [{ img: { src: "x.png" } }] }) }}
        <p>It was <strong>slow</strong>.<br>Very slow.</p>
        snake_case stays, 5 * 3 too.
        """,
        says={
            "Read the price page first, she said & left.": ("", None, ""),
            "It was slow.": ("", None, ""),
            "Very slow.": ("", None, ""),
            "snake_case stays, 5 * 3 too.": ("", None, ""),
        },
        never=("internal", "njk", "toc", "gallery", "http", "<", "picture", "^1"),
    ),
    Sample(
        "pasted cues keep their seconds",
        "# Call with Ora\n\n00:00.000 --> 00:27.640\nHello there.\n\n00:28.000 --> 00:35.280\nI sell boats and\n\n"
        "00:35.300 --> 00:36.000\nnets too.\n",
        says={"I sell boats and nets too.": ("", None, "")},
        starts={"Hello there.": 0.0},
        metadata={"title": "Call with Ora"},
    ),
    Sample(
        "whisper's text",
        "[00:43.810 --> 00:47.850]  Hello everyone.\n[00:48.350 --> 00:54.570]  I am here.\n[01:08.350 --> 01:14.570]  Bye.\n",
        name="a.txt",
        says={"Hello everyone. I am here.": ("", None, "")},
        starts={"Hello": 43.81},
    ),
    Sample(
        "captions saved as text",
        "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\n<v Ana>Hello.</v>\n",
        name="a.txt",
        says={"Hello.": ("Ana", None, "")},
    ),
    Sample(
        "who interviewed is said in a sentence",
        """
        # Transcript of interview with Danny Silver of Example Games

        ## Details

        Interview took place on November 19, 2020. Interviewer is Jonas Lind.

        ## Transcript

        Jonas Lind  0:00
        How did you start?

        Danny Silver  1:01
        In a garage, with nothing at all but a borrowed modem.
        """,
        says={"In a garage": ("Danny Silver", None, ""), "How did you start?": ("Jonas Lind", "interviewer", "")},
        metadata={"date": date(2020, 11, 19), "interviewers": ("Jonas Lind",), "participant": "Danny Silver"},
    ),
    Sample(
        "hard-wrapped paragraphs are put together",
        "We tried the new form last week and it would not take the\npostcode of my mother who lives in the north of the country\n"
        "where codes have five digits and not four as the people who\nmade this form must have believed when they were making it for\n"
        "themselves.\n",
        name="a.txt",
        says={"last week and it would not take the postcode of my mother who": ("", None, "")},
    ),
)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
def test_layout(sample: Sample) -> None:
    check(sample)


@pytest.mark.parametrize(
    ("name", "day", "participant"),
    [
        ("P8-homepage-05.14.2020.md", date(2020, 5, 14), "P8"),
        ("p11.virtual agent 2021.4.29 9am.md", date(2021, 4, 29), "P11"),
        ("20230702T174637Z-call.txt", date(2023, 7, 2), ""),
        ("P3-GMT20241001-153302.md", date(2024, 10, 1), "P3"),
        ("2021-05-14_Participant 10 retention.md", date(2021, 5, 14), "P10"),
        ("participants1-5 notes.md", None, ""),
        ("31-12-2023.md", date(2023, 12, 31), ""),
        ("12345678.md", None, ""),
    ],
)
def test_file_name_says_date_and_participant(name: str, day: date | None, participant: str) -> None:
    found = read_one(name, "It was fine.")
    assert (found.metadata.date, found.metadata.participant) == (day, participant)
    assert found.origins["title"] == "file name"


@pytest.mark.parametrize(
    "front",
    [
        "title: [broken",
        "a: &x [1]\nb: *x\ntitle: T",
        "just words without a key",
        "title: {a: b}\ndate: soon",
        ": :\n\t:",
    ],
)
def test_broken_front_matter_never_loses_the_note(front: str) -> None:
    assert any("It was fine." in block.text for block in read_one("a.md", f"---\n{front}\n---\nIt was fine.\n").blocks)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8-sig", "Q: naïve?\nA: très naïve"),
        ("utf-16", "Q: naïve?\nA: très naïve"),
        ("utf-16-le", "Q: what now?\nA: nothing at all, really"),
        ("utf-16-be", "Q: what now?\nA: nothing at all, really"),
        ("cp1252", "Q: naïve – “really”?\nA: très naïve, and more words that are plain"),
        ("cp1251", "Вопрос был простой, но ответ оказался сложным и длинным, как и всегда бывает"),
        ("shift_jis", "これは日本語のインタビューの記録です。とても長い文章が続きます。"),
    ],
)
def test_encodings(encoding: str, text: str) -> None:
    said = " ".join(block.text for block in read_one("a.txt", text.encode(encoding)).blocks)
    assert text.split()[-1].rstrip("。") in said


def test_nul_bytes_and_control_characters_are_removed() -> None:
    text = "Moderator: One\x00 two\x07?\r\nP1: Three\x00\u200b four\rP1: Five" + " and on" * 30
    said = [block.text for block in read_one("a.txt", text).blocks]
    assert said[:2] == ["One two?", "Three four"]


def test_chinese_labels_and_text() -> None:
    found = read_one("a.md", "主持人：你好吗？\n\n王小明：很好。\n\n主持人：为什么？\n\n王小明：因为便宜。\n")
    assert [block.speaker for block in found.blocks] == ["主持人", "王小明", "主持人", "王小明"]
