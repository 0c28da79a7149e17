"""Short forms of given names in English, both ways: whoever is "William" in the roster signs as "Bill"."""

from __future__ import annotations

_FORMS = """
alexander alex sandy sasha xander | alexandra alex sandra sasha lexi | andrew andy drew | anthony tony
antonia toni | barbara barb babs | benjamin ben benji | catherine cathy cath kate katie kitty
katherine kathy kath kate katie kitty | charles charlie chuck | charlotte lottie charlie
christina chris chrissy tina | christine chris chrissy | christopher chris kit topher | daniel dan danny
david dave davey | deborah deb debbie | dorothy dot dottie | edward ed eddie ted ned | eleanor ellie nell nora
elizabeth liz lizzie beth betty bess eliza libby | emily em emmy | florence flo florrie
frances fran franny frankie | francis frank frankie | frederick fred freddie | gabriel gabe | gabriella gabby
gerald gerry jerry | gregory greg | harold harry hal | henry harry hal hank | isabella bella izzy
isabel izzy bella | jacob jake | jacqueline jackie | james jim jimmy jamie | janet jan | jennifer jen jenny
jeremy jerry jez | jessica jess jessie | john jack johnny jon | jonathan jon jonny | joseph joe joey
josephine jo josie | judith judy jude | julia jules | katarzyna kasia | kenneth ken kenny | kimberly kim
laurence larry laurie | lawrence larry laurie | leonard len lenny leo | louise lou | lucille lucy
margaret maggie meg peggy marge margie | maria mia | matthew matt matty | melissa mel lissa
michael mike mick mickey mikey | michelle shell | mohammed mo | muhammad mo | mohamed mo | natalie nat
natasha tash nat | nathaniel nat nate | nicholas nick nicky | nicola nicky | nicole nikki | olivia liv livvy
pamela pam | patricia pat patty trish tricia | patrick pat paddy | penelope penny | peter pete | philip phil pip
philippa pip pippa | phillip phil | rachel rach | raymond ray | rebecca becky bec becca
richard rich rick ricky dick | robert rob robbie bob bobby bert | roberta bobbie | ronald ron ronnie
rosemary rosie | samantha sam sammy | samuel sam sammy | sarah sally | stephanie steph | stephen steve stevie
steven steve stevie | stuart stu | susan sue susie | suzanne sue suzie | sylvia syl | teresa terry tess
theresa terry tess | theodore theo ted teddy | thomas tom tommy | timothy tim timmy | valerie val | victor vic
victoria vicky tori | vincent vince vinny | virginia ginny | vivian viv | walter walt wally
wilhelmina mina billie | william will bill billy willy | zachary zac zach
"""


def _both_ways() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for line in _FORMS.replace("\n", " | ").split(" | "):
        full, *short = line.split() or [""]
        for form in short:
            found.setdefault(full, []).append(form)
            found.setdefault(form, []).append(full)
    return {name: tuple(forms) for name, forms in found.items()}


NICKNAMES = _both_ways()
