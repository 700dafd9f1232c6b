"""`python -m microgrAD.generate` writes all files of `FILES`."""

from pathlib import Path

from microgrAD.generate import FILES

if __name__ == "__main__":
    texts = {name: module() for name, module in FILES.items()}  # all of them first: after an error nothing is written
    for name, text in texts.items():
        Path(__file__).parent.with_name(name).write_text(text, encoding="utf-8")
