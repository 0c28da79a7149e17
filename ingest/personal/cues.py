"""The words around a name that give it away: "my name is", "Dear", what stands under "Kind regards"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.personal import lexicon
from ingest.personal.lexicon import word_set
from ingest.personal.models import Span
from ingest.personal.patterns import compiled

_WORD = r"[^\W\d_](?:[\w'’-]*\w)?\.?"
_WORDS = rf"({_WORD}(?:[ \t]+{_WORD}){{0,4}})"
_LINE = r"(?:^|\n)[ \t>*]*"
_BLANK = r"[ \t]*\n(?:[ \t]*\n){0,2}[ \t]*"

PARTICLES = word_set(
    "van von de der den la le bin ibn bint ben al el da dos di du del della do ter ten af zu te ní mac st"
)
TITLES = word_set(
    "mr mrs ms miss mx dr doctor prof professor sir dame lord lady herr frau señor señora senor "
    "senora mister missus "
    "madame monsieur mme rev reverend father sister brother nurse uncle auntie aunt captain judge "
    "rabbi imam pastor coach"
)
_ALSO_WORDS = word_set("brother father sister coach captain lady lord judge miss nurse doctor uncle aunt auntie")
# Names of programs and firms that a list of given names has too, and what letters and lists greet and sign as.
BRANDS = word_set(
    """
    adobe airtable alexa amazon amplitude android apple asana aws azure basecamp bing bosch canva chrome claude
    clickup confluence copilot cortana dell docusign dropbox edge excel facebook figma firefox freshdesk github
    gitlab gmail google hubspot instagram intercom ios ipad iphone jira klarna klaviyo linear linkedin looker
    loom lyft mac mailchimp microsoft miro mixpanel monday netflix notion okta opera oracle otter outlook paypal
    pixel postman powerpoint quickbooks sage safari salesforce samsung sap segment sharepoint shopify siri skype
    slack snowflake spotify stripe tableau teams tesla trello twilio twitter uber webex whatsapp windows wise
    word wordpress workday xero yelp youtube zapier zendesk zoom
    """
)
# What people say without saying anything, which transcripts are full of.
FILLERS = word_set(
    """
    ah aha ahem alright amen aye bah bingo blah boo bye cheers cool cor crikey dang darn duh eek eh er erm eww gee
    goodness gosh ha haha hah hang heh hello hey hi hm hmm hmmm ho hooray huh hum jeez kinda like lol mhm mhmm mm
    mmhm mmhmm mmm nah nay nnn no nope nuh oh oho ok okay oof oops ouch ow phew please pfft right sh shh sorry sure
    ta thanks tsk tut ugh uh uhhuh uhm um umm well whee whoa whoops wow ya yay yea yeah yep yes yikes yo yuck yum
    yup
    """
)
# Who is meant by where they come from or by an office, and not by name.
PEOPLES = word_set(
    """
    african american arab argentinian asian australian austrian belgian brazilian british bulgarian canadian chilean
    chinese colombian croatian cuban czech danish dutch egyptian english estonian ethiopian european finnish french
    german ghanaian greek hungarian icelandic indian indonesian iranian iraqi irish israeli italian japanese jewish
    kenyan korean latvian lebanese lithuanian malaysian mexican moroccan muslim norwegian nigerian pakistani persian
    peruvian philippine polish portuguese romanian russian saudi scottish serbian slovak slovenian somali spanish
    swedish swiss syrian tagalog taiwanese thai turkish ukrainian vietnamese welsh christian catholic protestant
    hindu
    """
)
OFFICES = word_set(
    """
    admiral ambassador attorney cabinet chairman chairwoman chancellor commissioner congressman councillor emperor
    general governor lieutenant manager minister mp officer premier president prime secretary senator sergeant
    treasurer vice
    """
)
_WEEK = "monday tuesday wednesday thursday friday saturday sunday"
DAYS = word_set(f"{_WEEK} {_WEEK.replace(' ', 's ')}s")
TIMES = DAYS | word_set(
    """
    january february march april may june july august
    september october november december jan feb mar apr jun jul aug sep sept oct nov dec christmas easter
    ramadan diwali eid hanukkah spring summer autumn winter
    """
)
_NOBODY = word_set(
    """
    all anyone care colleague colleagues customer customers department dept everybody everyone folks friend
    friends friendly guys ladies gentlemen hello help madam madame manager management me mum mom dad none nobody
    office people sales service sir sirs somebody someone support team there they this that who you admin
    administrator billing accounts desk reception again back later tomorrow today now soon please thanks thank
    """
)

_CERTAIN = (  # after these comes a name, however it is written
    compiled(
        rf"(?:^|[.!?\n,]\s*)(?:thanks|thank you|cheers)(?:\s+(?:so much|a lot|again|very much))"
        rf"?\s+{_WORDS}\s*(?=[.,!?\n]|$)",
        re.I,
    ),
    compiled(
        rf"\b(?:my|his|her|their|your|whose)\s+(?:full\s+|first\s+|last\s+|middle\s+|maiden\s+|family\s+|"
        rf"given\s+|real\s+|sur)?name(?:[’']s|\s+is|\s+was)\s+(?:(?:um|uh|er)\s+)?{_WORDS}",
        re.I,
    ),
    compiled(
        rf"\b(?:guy|man|woman|lady|person|girl|boy|colleague|agent|rep|someone|somebody|bloke|gentleman|"
        rf"friend)\s+(?:called|named)\s+{_WORDS}",
        re.I,
    ),
    compiled(rf"\b(?:she|he|they)(?:[’']s|\s+is|\s+was|[’']re|\s+are|\s+were)\s+(?:called|named)\s+{_WORDS}", re.I),
    compiled(rf"\b(?:{'|'.join(sorted(TITLES - _ALSO_WORDS))})\.?[ \t]+{_WORDS}", re.I),
)
_CAPITAL = (  # after these a word with a capital is a name
    compiled(rf"\b(?:{'|'.join(sorted(word.title() for word in _ALSO_WORDS))})\s+{_WORDS}"),
    compiled(
        rf"(?:{_LINE}|[,|]\s*)(?:full |first |last |contact |customer |account |client |participant |"
        rf"patient )?(?:sur)?name[ \t]*[:=][ \t]*{_WORDS}",
        re.I,
    ),
    compiled(
        rf"{_LINE}[-*]?\s*(?:contact(?: person)?|attn|attention|fao|f\.a\.o\.|c/o|interviewee|interviewer|"
        rf"moderator|participant|respondent|author|assignee|"
        rf"reporter|requester|caller|cardholder|account holder|account owner|owner|guardian|payee|next of "
        rf"kin|emergency contact|signed|"
        rf"prepared by|requested by|reported by|created by|approved by|sent by|from|to|cc|bcc|attendees|"
        rf"present|participants|customer|client|user|guest|agent|visitor)[ \t]*:[ \t]*{_WORDS}",
        re.I,
    ),
    compiled(rf"\b(?:FAO|Attn|ATTN|c/o)[.:]?[ \t]+{_WORDS}"),
    compiled(
        rf"(?:{_LINE}|[.!?]\s+)(?:hi|hello|hey|hiya|dear|good (?:morning|afternoon|evening|day)|hallo|hola|"
        rf"bonjour|ciao|liebe[r]?|lieve|beste)[ \t]+{_WORDS}[ \t]*(?=[,!:.\n–—-]|$)",
        re.I,
    ),
    compiled(rf"\b(?:call me|goes by|go by|known as|short for|introduce)\s+{_WORDS}", re.I),
    compiled(rf"(?<!\w){_WORDS}[ \t]*(?:<|\()(?=[\w.+-]+@)"),
    compiled(
        rf"(?:^|[.!?\n][ \t]*){_WORDS}[ \t]+(?:speaking|here|writes|wrote)\b(?![ \t]+(?:is|are|was|were|to|"
        rf"in|about)\b)"
    ),
)
_NAMELIKE = (  # after these a word with a capital is a name unless it is known as something else
    compiled(rf"\b(?:(?:this|it|here) is|(?:it|here|that)[’']s|I[’']m|I am|meet|with me is)\s+{_WORDS}", re.I),
    compiled(
        rf"\b(?:spoken|spoke|speak|speaking|talked|talk|talking|chatted|chat|met|meeting|worked|work|call|"
        rf"interview)\s+(?:with|to)\s+{_WORDS}",
        re.I,
    ),
    compiled(
        rf"\b(?:ask|asked|tell|told|email|emailed|e-mailed|rang|ring|phoned|messaged|texted|contact|"
        rf"contacted|thank|thanks|thanked|met|hired|trained)\s+{_WORDS}",
        re.I,
    ),
    compiled(
        rf"\b(?:my|our|his|her|their|your)\s+(?:\w+\s+)?(?:wife|husband|partner|brother|sister|son|"
        rf"daughter|mother|father|boss|manager|colleague|assistant|"
        rf"friend|cousin|accountant|bookkeeper|receptionist|director|owner|engineer|designer|intern|nurse|"
        rf"neighbour|neighbor|flatmate|co-founder|supervisor|lead|rep|agent),?\s+{_WORDS}",
        re.I,
    ),
    compiled(
        rf"(?:^|[.!?,;:“\"\n]|\b(?:and|but|then|so|that|when|because|if|as))[ \t]*{_WORDS}[ \t]+(?:said|"
        rf"says|told|asked|replied|thinks|thought|wrote|emailed|called|rang|left|knows|wants|couldn[’']t|"
        rf"can[’']t|didn[’']t|doesn[’']t)\b"
    ),
    compiled(
        rf"\b(?:thanks|thank you|cheers|sorry|yes|no|well|listen|look|okay|ok|bye|morning|welcome|"
        rf"appreciate it|for that),?[ \t]+{_WORDS}[ \t]*(?=[,.!?]|$)",
        re.I,
    ),
)
_LISTED = compiled(
    rf"{_LINE}(?:cc|bcc|to|from|attendees|present|participants|who was there|in the room|invited|team|"
    rf"speakers|names?)[ \t]*:?[ \t]+([^\n]+)",
    re.I,
)
_SIGN_OFF = (
    r"(?:(?:very |many |kind(?:est)? |best |warm(?:est)? |with |yours |all the |lots of |much |with "
    r"(?:kind|best|warm) )?"
    r"(?:regards|wishes|best|thanks|thank you(?: (?:so|very) much)?(?: in advance)?|sincerely|"
    r"faithfully|truly|yours|love|warmly|respectfully|"
    r"gratefully|cheers|rgds|br|kr|thx|ta|ty|cordially|signed|take care|speak soon|talk soon|xx?x?|"
    r"cordialement|saludos|"
    r"un saludo|mit freundlichen grüßen|mit freundlichen gruessen|viele grüße|liebe grüße|mfg|met "
    r"vriendelijke groet(?:en)?|groeten|cordiali saluti|"
    r"atentamente|att|hilsen|mvh|pozdrawiam|sent from (?:my \w+|outlook[^\n]{0,16}|mail[^\n]{0,16}))|-- ?|—|__+)"
)
_SIGNED = compiled(
    rf"(?:^|\n)[^\n]{{0,80}}?(?<!\w){_SIGN_OFF}[ \t]*[,.!–—-]*{_BLANK}(?:(?:xx?x?|{_SIGN_OFF})\s+)"
    rf"?([^\n]{{2,60}})(?=\n|$)",
    re.I,
)
_SIGNED_INLINE = compiled(
    rf"(?:^|[\n.!?][ \t]*)(?:{_SIGN_OFF}(?: again| so much| a lot)?)[ \t]*[,!–—-]+[ \t]*{_WORDS}[ "
    rf"\t]*(?:x+)?[ \t]*(?=\n|$)",
    re.I,
)
_DASHED = compiled(rf"(?:^|[\n.!?\"”])[ \t]*(?:[–—~/]|--?)[ \t]?{_WORDS}[ \t]*(?=\n|$)")


def cued(text: str) -> Iterator[Span]:
    """Names that the words around them give away, whether the name finder knows them or not."""
    for pattern in _CERTAIN:
        for found in pattern.finditer(text):
            yield from _named(found, lower=True)
    for pattern in _CAPITAL:
        for found in pattern.finditer(text):
            yield from _named(found)
    for pattern in _NAMELIKE:
        for found in pattern.finditer(text):
            yield from _named(found, strict=True)
    for pattern in (_SIGNED_INLINE, _DASHED):
        for found in pattern.finditer(text):
            yield from _named(found, whole=True)
    for found in _SIGNED.finditer(text):
        yield from _signature(found)
    for found in _LISTED.finditer(text):
        for part in re.finditer(r"[^,;|/&<>()]+", found.group(1)):
            if words := re.match(rf"\s*{_WORDS}\s*$", part.group()):
                at = found.start(1) + part.start() + words.start(1)
                yield from _named_at(words.group(1), at, whole=True)


def _named(found: re.Match[str], *, lower: bool = False, strict: bool = False, whole: bool = False) -> Iterator[Span]:
    yield from _named_at(found.group(1), found.start(1), lower=lower, strict=strict, whole=whole)


def _named_at(
    said: str, start: int, *, lower: bool = False, strict: bool = False, whole: bool = False
) -> Iterator[Span]:
    """The name that these words begin with, if they do.

    `lower` also takes it in lower case, `strict` only when nothing else is called so, `whole` only without more words.
    """
    words = list(re.finditer(r"\S+", said))
    while words and words[0].group().lower().strip(".") in TITLES:
        words = words[1:]
    taken = _name_length([word.group() for word in words], lower=lower, strict=strict)
    if taken and not (whole and taken < len(words)):
        yield Span(start + words[0].start(), start + words[taken - 1].end(), "PERSON", 0.8 if not strict else 0.6)


def _name_length(words: list[str], *, lower: bool, strict: bool) -> int:
    """How many of the first words are a name."""
    if not words:
        return 0
    capital = words[0][0].isupper() or (words[0].lower() in PARTICLES and len(words) > 1 and words[1][0].isupper())
    if not capital:
        return _lower_length(words) if lower else 0
    taken = 0
    for n, word in enumerate(words):
        bare = word.strip(".").lower()
        follows = n + 1 < len(words) and words[n + 1][0].isupper()
        if not (word[0].isupper() or (bare in PARTICLES and follows)) or (word.isupper() and len(bare) > 1 and strict):
            break
        if not _may_be_name(word, strict=strict, first=n == 0):
            break
        taken = n + 1
        if word.endswith(".") and len(bare) > 2:
            break
    return taken


def _lower_length(words: list[str]) -> int:
    first = lexicon.kind(words[0].strip("."))
    if (
        words[0].lower() in _NOBODY
        or len(words[0]) < 2
        or (first[0] in "Ww" and lexicon.GIVEN not in first)
        or words[0] in FUNCTION
    ):
        return 0
    taken = 1
    for word in words[1:4]:
        kind = lexicon.kind(word.strip("."))
        if word in PARTICLES and word not in ("do", "la", "al", "te"):
            taken += 1
            continue
        if kind[0] in "Ww" or (kind[0] in "nb" and len(kind) == 1) or word in FUNCTION:
            break
        taken += 1
    return taken


FUNCTION = word_set(
    "a an the and or but so to of on in at by is was are it its i you he she we they me him her us "
    "them my your his our their not no "
    "yes um uh er like just well then there here wrong right missing spelled spelt too also on up "
    "out off for from with as if what "
    "good great fine very really about done way all one two do does did don't have has had can could "
    "would should must be been"
)


def _may_be_name(word: str, *, strict: bool, first: bool) -> bool:
    bare = re.sub(r"['’]s$", "", word).strip(".").lower()
    kind = lexicon.kind(bare)
    if bare in _NOBODY or bare in FUNCTION or bare in TITLES:
        return False
    if len(bare) == 1:
        return True
    if bare in BRANDS or bare in TIMES:
        return not strict and lexicon.GIVEN in kind and first
    if not strict:
        return kind[0] not in "Ww" or len(kind) > 1
    if lexicon.is_written_like_a_product(word):
        return False
    if kind[0] in "Ww" or lexicon.PLACE in kind:
        return lexicon.GIVEN in kind or (not first and len(kind) > 1)
    return kind[0] == lexicon.UNKNOWN or lexicon.GIVEN in kind or (not first and lexicon.FAMILY in kind)


def _signature(found: re.Match[str]) -> Iterator[Span]:
    """The name in the line under a sign-off: up to four words, without what stands behind a comma or a bar."""
    line = re.split(r"\s*(?:[,|(<]|\s[–—-]\s|\bx+$)", found.group(1))[0].strip(" *_-–—~/.")
    words = line.split()
    start = found.start(1) + found.group(1).find(line) if line else 0
    if not 1 <= len(words) <= 4 or any(word.lower().strip(".,") in _NOBODY | {"the"} for word in words):
        return
    if all(re.fullmatch(_WORD, word) for word in words) and all(
        _may_be_name(word, strict=False, first=False) or word.lower() in PARTICLES
        for word in words
        if word.strip(".").lower() not in TITLES
    ):
        yield Span(start, start + len(line), "PERSON", 0.8)
