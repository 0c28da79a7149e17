"""The tables: what is kept, as SQL, which is the truth that the indexes are rebuilt from."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# What is still to be done before the indexes agree with SQL on a passage, as bits: make its vector, take its words into
# the keyword index, tell Chroma. With the first two done it can be found (see `research.search_index`). Tagging is for
# whoever takes notes in: what `heard doctor --repair` finishes is found, and tagged by the next ingest.
CLEARED, NO_VECTOR, NO_WORDS, NOT_IN_CHROMA, NOT_TAGGED = 0, 1, 2, 4, 8
NEW = NO_VECTOR | NO_WORDS | NOT_IN_CHROMA

ROW = BigInteger().with_variant(Integer, "sqlite")  # a passage's number; SQLite's integers are as large

setting = Table(
    "setting",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

team = Table(
    "team",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
)

# `asked`: whether people were contacted for it (not so for support tickets). `keep_days`: how long its notes are kept.
# `closed`: only its team reads it, until the day `opens` where there is one.
study = Table(
    "study",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("team_id", ForeignKey("team.id"), nullable=False),
    Column("title", String(300), nullable=False),
    Column("owner", String(200), nullable=False),
    Column("method", String(200), nullable=False),
    Column("questions", Text, nullable=False),
    Column("asked", Boolean, nullable=False, server_default="1"),
    Column("keep_days", Integer),
    Column("closed", Boolean, nullable=False, server_default="0"),
    Column("opens", Date),
    UniqueConstraint("team_id", "title"),
)

# `label_hash` is a keyed hash of the name that the source used: it recognises the person again and tells nobody who.
# `mark` is what people said about contacting them (`research.contact.MARKS`); from the day `hidden_from` on no consent
# of theirs holds any more and nothing they said is shown.
participant = Table(
    "participant",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("pseudonym", String(16), nullable=False, unique=True),
    Column("label_hash", String(64), nullable=False, unique=True),
    Column("segment", String(200), nullable=False),
    Column("account", String(200), nullable=False),
    Column("role", String(200), nullable=False, server_default=""),
    Column("mark", String(20), nullable=False, server_default=""),
    Column("hidden_from", Date, index=True),
)

# Other labels that turned out to be the same person's.
alias = Table(
    "alias",
    metadata,
    Column("label_hash", String(64), primary_key=True),
    Column("participant_id", ForeignKey("participant.id", ondelete="CASCADE"), nullable=False),
)

# Who a participant is, sealed with a key that is not in here (`research.identity`).
identity = Table(
    "identity",
    metadata,
    Column("participant_id", ForeignKey("participant.id", ondelete="CASCADE"), primary_key=True),
    Column("sealed", Text, nullable=False),
    Column("email_hash", String(64), unique=True),
    Column("crm_hash", String(64), unique=True),
    Column("name_hash", String(64), index=True),
)

consent = Table(
    "consent",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("participant_id", ForeignKey("participant.id", ondelete="CASCADE"), nullable=False),
    Column("scope", String(200), nullable=False),
    Column("given", Date, nullable=False),
    Column("expires", Date),
    Column("withdrawn", Date),
    UniqueConstraint("participant_id", "scope"),
)

# Days on which somebody means to contact a participant or has done so without a note of it.
contact = Table(
    "contact",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("participant_id", ForeignKey("participant.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("day", Date, nullable=False),
    Column("team", String(200), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("by", String(200), nullable=False),
    Column("reason", Text, nullable=False),
)

# Two participants of whom a person said that they are not the same one, the lower id first.
different = Table(
    "different",
    metadata,
    Column("one", ForeignKey("participant.id", ondelete="CASCADE"), primary_key=True),
    Column("other", ForeignKey("participant.id", ondelete="CASCADE"), primary_key=True),
)

# Labels of people whose words were erased: what comes under them is not taken in again.
forgotten = Table("forgotten", metadata, Column("label_hash", String(64), primary_key=True))

# Only ever added to: triggers refuse anything else.
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", DateTime, nullable=False),
    Column("who", String(200), nullable=False),
    Column("what", String(40), nullable=False),
    Column("participant", String(16), nullable=False),
    Column("detail", Text, nullable=False),
)

# One file (or zip member, or upload) as far as it went into one study. `fingerprint` covers its bytes and everything
# that decides what comes of them; a file whose rows name several studies has one entry in each, of the same key.
source = Table(
    "source",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("study_id", ForeignKey("study.id"), nullable=False),
    Column("key", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False, index=True),
    UniqueConstraint("study_id", "key"),
)

# A run of ingest.
intake = Table(
    "intake",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("at", DateTime, nullable=False),
    Column("who", String(200), nullable=False),
)

# `redactions`: [start, end, kind, score] of each mark in the text that stands for something personal. `intake` is the
# run of ingest that added it, unless a later one changed it or it is from before these were written down ("").
note = Table(
    "note",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("study_id", ForeignKey("study.id"), nullable=False, index=True),
    Column("source_id", ForeignKey("source.id", ondelete="CASCADE"), nullable=False),
    Column("row", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("date", Date, index=True),
    Column("format", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("words", Integer, nullable=False),
    Column("origins", JSON, nullable=False),
    Column("redactions", JSON, nullable=False, server_default="[]"),
    Column("added", DateTime, nullable=False),
    Column("updated", DateTime, nullable=False),
    Column("intake", String(16), nullable=False, server_default="", index=True),
    UniqueConstraint("source_id", "row"),
)
Index("ix_note_title", note.c.title, postgresql_using="hash")  # a title may be too long for PostgreSQL's other kind

turn = Table(
    "turn",
    metadata,
    Column("note_id", ForeignKey("note.id", ondelete="CASCADE"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("participant_id", ForeignKey("participant.id")),
    Column("heading", Text, nullable=False),
    Column("start_s", Float),
    Column("end_s", Float),
    Index(None, "participant_id", "note_id"),
)

# `row` addresses a passage in every index and is never given twice. `stamp` is the generation in which its labels or
# its place in the indexes last changed: what readers look at to catch up.
passage = Table(
    "passage",
    metadata,
    Column("row", ROW, primary_key=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("note_id", ForeignKey("note.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("ordinal", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("context", Text, nullable=False),
    Column("participant_id", ForeignKey("participant.id"), nullable=False, index=True),
    Column("start_s", Float),
    Column("end_s", Float),
    Column("state", Integer, nullable=False),
    Column("stamp", Integer, nullable=False, index=True, server_default="0"),
    sqlite_autoincrement=True,
)
Index(
    "ix_passage_pending",
    passage.c.state,
    sqlite_where=passage.c.state != CLEARED,
    postgresql_where=passage.c.state != CLEARED,
)

# `removed` keeps a person's "no" so that a tagger never puts the tag back.
passage_tag = Table(
    "passage_tag",
    metadata,
    Column("passage_row", ForeignKey("passage.row", ondelete="CASCADE"), primary_key=True),
    Column("tag", String(100), primary_key=True),
    Column("score", Float, nullable=False),
    Column("source", String(10), nullable=False),
    Column("reason", Text, nullable=False),
    Column("removed", Boolean, nullable=False),
    Column("at", DateTime, nullable=False),
    Index(None, "tag", "removed", "passage_row"),  # all that a filter by tag asks for
)

# Passages that SQL no longer holds and the indexes still may; `state` says which, as in `passage`.
gone = Table(
    "gone",
    metadata,
    Column("passage_row", ROW, primary_key=True, autoincrement=False),
    Column("state", Integer, nullable=False),
)

mapping = Table(
    "mapping",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("columns", JSON, nullable=False),
)

# One claim. `insights.TEXTS` lists the columns in which people write what they like.
insight = Table(
    "insight",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("statement", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("team", String(200), nullable=False),
    Column("owner", String(200), nullable=False),
    Column("contrary", Text, nullable=False),
    Column("decided", String(20), nullable=False),
    Column("why", Text, nullable=False, server_default=""),
    Column("decided_on", Date),
    Column("decided_by", String(200), nullable=False, server_default=""),
    Column("requested_by", Text, nullable=False, server_default=""),
    Column("problem", Text, nullable=False, server_default=""),
    Column("proof", Text, nullable=False, server_default=""),
    Column("metric", Text, nullable=False, server_default=""),
    Column("before", Text, nullable=False, server_default=""),
    Column("target", Text, nullable=False, server_default=""),
    Column("by", Date),
    Column("happened", Text, nullable=False, server_default=""),
    Column("happened_on", Date),
    Column("now", Text, nullable=False, server_default=""),
    Column("obstacle", Text, nullable=False, server_default=""),
    Column("experiment", Text, nullable=False, server_default=""),
    Column("learned", Text, nullable=False, server_default=""),
    Column("review", Date, nullable=False),
    Column("created", DateTime, nullable=False),
    sqlite_autoincrement=True,
)

# What speaks for or against an insight. No word of it is kept here: a passage that is gone leaves a line without one.
evidence = Table(
    "evidence",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("insight_id", ForeignKey("insight.id", ondelete="CASCADE"), nullable=False),
    Column("passage_row", ForeignKey("passage.row", ondelete="SET NULL"), index=True),
    Column("sign", String(10), nullable=False),
    Column("at", DateTime, nullable=False),
    Column("who", String(200), nullable=False),
    UniqueConstraint("insight_id", "passage_row"),
    sqlite_autoincrement=True,
)

# Passages of which a person said that they speak neither for nor against an insight, so that they are not suggested.
beside = Table(
    "beside",
    metadata,
    Column("insight_id", ForeignKey("insight.id", ondelete="CASCADE"), primary_key=True),
    Column("passage_row", ForeignKey("passage.row", ondelete="CASCADE"), primary_key=True, index=True),
)

insight_event = Table(
    "insight_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("insight_id", ForeignKey("insight.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", DateTime, nullable=False),
    Column("who", String(200), nullable=False),
    Column("what", String(40), nullable=False),
    Column("detail", Text, nullable=False),
)

# Questions that a check left open and somebody wants to hear answered.
question = Table(
    "question",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("line", Text, nullable=False),
    Column("team", String(200), nullable=False),
    Column("by", String(200), nullable=False),
    Column("at", DateTime, nullable=False),
    UniqueConstraint("team", "line").ddl_if(dialect="sqlite"),  # on PostgreSQL by a hash: lines may be long
)

# What a team wants to be told of when others hear it.
saved_search = Table(
    "saved_search",
    metadata,
    Column("team", String(200), primary_key=True),
    Column("query", String(1000), primary_key=True),
    Column("by", String(200), nullable=False),
    Column("at", DateTime, nullable=False),
)

# Who works with the repository. `team` is the one for which they read ("" while they have not said so), `role` is ""
# for whoever was not let in by hand; `everywhere` says that they belong to every team.
member = Table(
    "member",
    metadata,
    Column("who", String(200), primary_key=True),
    Column("team", String(200), nullable=False),
    Column("name", String(200), nullable=False, server_default=""),
    Column("role", String(20), nullable=False, server_default=""),
    Column("everywhere", Boolean, nullable=False, server_default="0"),
    Column("seen", DateTime),
)

membership = Table(
    "membership",
    metadata,
    Column("who", ForeignKey("member.who", ondelete="CASCADE"), primary_key=True),
    Column("team", String(200), primary_key=True),
)

# What a program shows to read as a member; only a hash of it is kept. It is good up to the day `expires`, for always
# where there is none; `used` is the last day on which it was.
token = Table(
    "token",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("who", ForeignKey("member.who", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", String(200), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Column("made", DateTime, nullable=False),
    Column("expires", Date),
    Column("used", Date),
)

# That somebody of `team` used a note that `of_team` heard: opened it, quoted it, or made it an insight's evidence.
reuse = Table(
    "reuse",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("day", Date, nullable=False, index=True),
    Column("who", String(200), nullable=False),
    Column("team", String(200), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("of_team", String(200), nullable=False),
    Column("note_id", ForeignKey("note.id", ondelete="SET NULL")),
    UniqueConstraint("note_id", "day", "who", "kind"),
)

# `label` and `phrases` are found, by as many members as `labelled` says; `name`, `hidden` and `together` (never to be
# split) are a person's. `into` are the codes of the themes that an ended one went into, `parent` that of the one above.
theme = Table(
    "theme",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("label", Text, nullable=False),
    Column("phrases", JSON, nullable=False),
    Column("labelled", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("hidden", Boolean, nullable=False),
    Column("together", Boolean, nullable=False),
    Column("founded", Date, nullable=False),
    Column("ended", Date),
    Column("into", JSON, nullable=False),
    Column("parent", String(16), nullable=False),
)

# Where a passage was put; no theme is outside of all. `nearness` says how well it stands for the theme.
theme_member = Table(
    "theme_member",
    metadata,
    Column("passage_row", ForeignKey("passage.row", ondelete="CASCADE"), primary_key=True),
    Column("theme_id", ForeignKey("theme.id"), index=True),
    Column("nearness", Float, nullable=False),
)

# A person's "this passage doesn't belong".
theme_refusal = Table(
    "theme_refusal",
    metadata,
    Column("passage_row", ForeignKey("passage.row", ondelete="CASCADE"), primary_key=True),
    Column("theme_id", ForeignKey("theme.id"), primary_key=True),
)

# Two themes that a person split, never to be one again.
theme_apart = Table(
    "theme_apart",
    metadata,
    Column("one", ForeignKey("theme.id"), primary_key=True),
    Column("other", ForeignKey("theme.id"), primary_key=True),
)

theme_event = Table(
    "theme_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("theme_id", ForeignKey("theme.id"), nullable=False, index=True),
    Column("at", DateTime, nullable=False),
    Column("who", String(200), nullable=False),
    Column("what", String(40), nullable=False),
    Column("others", JSON, nullable=False),
    Column("passages", Integer, nullable=False),
)
