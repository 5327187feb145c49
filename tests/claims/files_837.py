"""Files of invented claims, written by hand: a professional and an institutional one, changed by each test."""

from __future__ import annotations

from leadterm.claims import ReadClaim, read_837
from leadterm.domain import Claim, Finding

VERSIONS = {"P": "005010X222A1", "I": "005010X223A2"}
ISA = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260514*0930*^*00501*000000001*0*T*:~"
SUBSCRIBER = "NM1*IL*1*DOE*ANA****MI*M1~N3*12 ELM ST~N4*AMES*IA*50010~DMG*D8*19590302*F~NM1*PR*2*PLAN*****PI*60054~"
BILLING = "NM1*85*2*CLINIC*****XX*1234567893~N3*1 WAY~N4*AMES*IA*500101234~REF*EI*123456789~"
HEADER = "BHT*0019*00*B1*20260514*0930*CH~NM1*41*2*CLINIC*****46*S1~PER*IC*PAT*TE*5155550100~NM1*40*2*PLAN*****46*R1~"
LEVELS = f"HL*1**20*1~{BILLING}HL*2*1*22*0~SBR*P*18*******CI~{SUBSCRIBER}"
# A child of the subscriber.
CHILD = (
    f"HL*1**20*1~{BILLING}HL*2*1*22*1~SBR*P**G9******CI~NM1*IL*1*DOE*EVE****MI*M1~NM1*PR*2*PLAN*****PI*60054~"
    "HL*3*2*23*0~PAT*19~NM1*QC*1*DOE*ANA~N3*12 ELM ST~N4*AMES*IA*50010~DMG*D8*20190302*F~"
)
CLAIM = (
    "CLM*A1*165***11:B:1*Y*A*Y*Y~REF*G1*P1~HI*ABK:E119*ABF:I10~NM1*82*1*ROE*REA****XX*1003000126~PRV*PE*PXC*207R00000X~"
    "LX*1~SV1*HC:99213:25*125*UN*1***1:2~DTP*472*D8*20260514~REF*6R*1~"
    "LX*2~SV1*HC:J1885*40*UN*2***1~DTP*472*D8*20260514~LIN**N4*00409379301~CTP****1*ML~"
)
# A stay of three days: 4,500 dollars, an operation, a fall.
STAY = (
    "CLM*S1*4500***11:A:1**A*Y*Y~DTP*096*TM*1130~DTP*434*RD8*20260504-20260507~DTP*435*DT*202605041430~CL1*1*1*01~"
    "REF*EA*MR77~"
    "HI*ABK:S72001A:::::::Y~HI*ABJ:M25551~HI*ABN:W010XXA:::::::Y~HI*DR:481~HI*ABF:I10:::::::Y*ABF:Z87891:::::::1~"
    "HI*BBR:0SRR0J9:D8:20260505~HI*BI:74:RD8:20260505-20260506~HI*BH:11:D8:20260504~HI*BE:01:::1200~HI*BG:17~"
    "NM1*71*1*ROE*REA****XX*1003000126~PRV*AT*PXC*207R00000X~NM1*72*1*POE*ADA****XX*1234567893~"
    "LX*1~SV2*0120**3600*DA*3~LX*2~SV2*0360*HC:27130:RT*900*UN*1**100~DTP*472*D8*20260505~"
)


def file(body: str, kind: str = "P", levels: str = LEVELS, header: str = HEADER, version: str | None = None) -> bytes:
    """An interchange of one transaction with these levels and claims; the counts are right."""
    name = version or VERSIONS[kind]
    inside = f"ST*837*0001*{name}~{header}{levels}{body}"
    count = inside.count("~") + 1
    return f"{ISA}GS*HC*S1*R1*20260514*0930*1*X*{name}~{inside}SE*{count}*0001~GE*1*1~IEA*1*000000001~".encode()


def parts(source: bytes) -> tuple[list[ReadClaim], list[Finding]]:
    """The claims of a file, and the findings around them."""
    read = list(read_837(source))
    return [p for p in read if isinstance(p, ReadClaim)], [p for p in read if isinstance(p, Finding)]


def one(body: str = CLAIM, kind: str = "P", levels: str = LEVELS) -> ReadClaim:
    """The only claim of a file."""
    (read,), _ = parts(file(body, kind, levels))
    return read


def claim(body: str = CLAIM, kind: str = "P", levels: str = LEVELS) -> Claim:
    """The same, which could be read."""
    read = one(body, kind, levels)
    assert read.claim is not None, [f.message for f in read.findings]
    return read.claim


def told(source: bytes) -> list[tuple[str, str]]:
    """Rule (without its authority) and sentence of everything that is wrong, on claims and on the file."""
    claims, around = parts(source)
    found = [f for c in claims for f in c.findings] + around
    return [(f.rule.removeprefix("X12:837/"), f.message) for f in found]
