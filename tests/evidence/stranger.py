"""A stranger's check of a certificate, by the published formats alone: RFC 8785, RFC 9162, C2SP notes and tlog-proofs, RFC 8032.

It shares no line with Rightcall: Python's own library, and openssl for the signature. `python stranger.py FILE KEY` says the
grades of the copies, and ends with 0 where everything holds.
"""

import base64
import hashlib
import hmac
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

GOES = "goes_on"
OF_A_GRADE = ("unconfirmed", "outside_reach")
REASONS = {"free_expression", "legal_obligation", "public_health", "archiving", "legal_claims"}
STAYS = {"hold", "legal_obligation", "other_person", "outside_reach", "unconfirmed", "doubtful"}


def need(holds: bool, what: str) -> None:
    if not holds:
        raise SystemExit(f"no: {what}")


def canonical(document: Any) -> bytes:
    """RFC 8785 for what has no fractions: members in the order of their UTF-16 units, nothing between."""

    def ordered(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: ordered(value[name]) for name in sorted(value, key=lambda each: each.encode("utf-16-be"))}
        return [ordered(each) for each in value] if isinstance(value, list) else value

    return json.dumps(ordered(document), ensure_ascii=False, separators=(",", ":")).encode()


def signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Ed25519 by openssl; the key wrapped as RFC 8410 says."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "key").write_bytes(bytes.fromhex("302a300506032b6570032100") + public)
        (place / "message").write_bytes(message)
        (place / "signature").write_bytes(signature)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-rawin"]
        command += ["-inkey", str(place / "key"), "-in", str(place / "message"), "-sigfile", str(place / "signature")]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


def root_of(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """RFC 9162, 2.1.3.2."""
    at, last, node = index, size - 1, hashlib.sha256(b"\0" + leaf).digest()
    for each in path:
        need(last > 0, "the way to the root is too long")
        if at % 2 or at == last:
            node = hashlib.sha256(b"\1" + each + node).digest()
            while at % 2 == 0 and at:
                at, last = at >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\1" + node + each).digest()
        at, last = at >> 1, last >> 1
    need(last == 0, "the way to the root is too short")
    return node


def entry(text: str, key: str) -> dict[str, Any]:
    """The leaf of a tlog-proof whose checkpoint `key` signed."""
    head, _, note = text.partition("\n\n")
    first, extra, place, *path = head.split("\n")
    need(first == "c2sp.org/tlog-proof@v1", "not a tlog-proof")
    leaf = base64.b64decode(extra.removeprefix("extra "))
    body, _, signatures = note.partition("\n\n")
    name, key_id, encoded = key.split("+", 2)
    public = base64.b64decode(encoded)
    need(public[0] == 1, "not an Ed25519 key")
    need(hashlib.sha256(f"{name}\n".encode() + public).digest()[:4].hex() == key_id, "the key is not what it is called")
    mine = [line.split(" ")[2] for line in signatures.splitlines() if line.startswith(f"\N{EM DASH} {name} ")]
    found = [base64.b64decode(each) for each in mine]
    wanted = [each[4:] for each in found if each[:4].hex() == key_id]
    need(any(signed(public[1:], f"{body}\n".encode(), each) for each in wanted), "the checkpoint is not signed by this key")
    _, size, root = body.split("\n")[:3]
    hashes = [base64.b64decode(each) for each in path]
    index = int(place.removeprefix("index "))
    need(index < int(size), "the place is outside of the tree")
    need(root_of(leaf, index, int(size), hashes) == base64.b64decode(root), "the entry is not in the tree")
    read: dict[str, Any] = json.loads(leaf)
    return read


def check(file: bytes, key: str) -> list[str]:
    document = json.loads(file)
    need(canonical(document) == file, "not in canonical form")
    proofs = document.pop("rightcall:ledger")
    need(proofs["key"] == key, "another key")
    issue = entry(proofs["issued"], key)
    need(issue["kind"] == "evidence.certificate", "not the statement of a certificate")
    need(issue["digest"] == hashlib.sha256(canonical(document)).hexdigest(), "not what was issued")
    subject = hmac.new(bytes.fromhex(proofs["opening"]), canonical({"subject": proofs["subject"]}), hashlib.sha256).hexdigest()
    need(subject == issue["subject"] == document["rightcall:subjectCommitment"], "about somebody else")
    acts = [entry(proof, key) for proof in proofs["disposals"]]
    need([f"urn:uuid:{act['id']}" for act in acts] == [each["@id"] for each in document["rightcall:disposals"]], "other acts")
    erased = [act for act in acts if act["kind"] == "erasure.destroyed"]
    need(bool(erased) and all(act["subject"] == subject for act in erased), "nobody's key was destroyed")
    until = document.get("rightcall:backupsUntil")
    turned = [act for act in acts if act["kind"] == "retention.epoch_turned" and act["epoch"] > erased[0]["epoch"]]
    need(until is not None or bool(turned), "backups may open still")
    copies = document["rightcall:copies"]
    goes = [copy["rightcall:until"] for copy in copies if copy["rightcall:copyGrade"] == GOES]
    need(max(goes, default=None) == until, "the copies go on another day")
    need(not goes or all(copy.get("rightcall:sanitisation") != "purge" for copy in copies), "called purged too early")
    for ground in OF_A_GRADE if document["dct:conformsTo"].endswith("-5") else []:
        left = [each["rightcall:count"] for each in document["rightcall:remains"] if each["rightcall:ground"] == ground]
        told = [copy["rightcall:count"] for copy in copies if copy["rightcall:copyGrade"] == ground]
        need(sum(left) == sum(told), "copies that remain are not among the copies")
    grounds = {each["rightcall:ground"] for each in document["rightcall:remains"]} & STAYS
    grade = (
        "unconfirmed" if "unconfirmed" in grounds else "partial" if grounds else "complete_after_backups" if until else "complete"
    )
    need(document["rightcall:grade"] == issue["grade"] == grade, "another grade")
    kept = [why_kept(each) for each in document["rightcall:remains"]]
    return [*(f"{copy['rightcall:copy']}: {copy['rightcall:copyGrade']}" for copy in copies), *(each for each in kept if each)]


def why_kept(remains: dict[str, Any]) -> str | None:
    reason, law = remains.get("rightcall:reason"), remains.get("rightcall:law")
    need(reason is None or remains["rightcall:ground"] == "hold", "a reason for what no hold keeps")
    need(reason in {None, *REASONS}, "no reason of GDPR Art. 17(3)")
    need(reason is not None or (law is None and "rightcall:rules" not in remains), "a law without a reason")
    return None if reason is None else f"kept for {reason} ({law or '-'}) until {remains['rightcall:until']}"


if __name__ == "__main__":
    sys.stdout.write("".join(f"{line}\n" for line in check(Path(sys.argv[1]).read_bytes(), sys.argv[2])))
