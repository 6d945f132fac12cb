#!/usr/bin/env python3
"""Checks who includes whom: a wrong include fails like a wrong answer (docs/architecture.md).

Usage: tools/check_layers.py [ROOT]; exit status 1 and one line per offence when a rule is broken.
"""
import re
import sys
from pathlib import Path

INNER = {"core", "domain", "protocol", "ports"}
MAY_INCLUDE = {
    "core": {"core"},
    "domain": {"core", "domain"},
    "protocol": {"core", "protocol"},
    "ports": {"core", "domain", "ports"},
    "workflows": {"core", "domain", "ports", "workflows"},
    "adapters": INNER | {"adapters", "asio"},
    "api": {"core", "domain", "ports", "workflows", "api", "adapters/http", "protocol", "asio"},
    "app": {"core", "domain", "protocol", "ports", "workflows", "adapters", "api", "app", "sim", "asio"},
    "sim": {"core", "domain", "protocol", "ports", "sim", "adapters/http", "asio"},
    "world": {"core", "domain", "protocol", "ports", "workflows", "adapters", "sim", "world", "asio"},
}
# Outside headers that a layer may name; None: any.
MAY_USE = {
    "core": ("openssl/", "unicode/"),
    "domain": (),
    # boost/json: the bodies of outside protocols are JSON, and its parser is pure and bounded.
    "protocol": ("openssl/", "boost/json"),
    "ports": ("boost/asio/awaitable.hpp",),
    "workflows": ("boost/asio/awaitable.hpp", "fmt/", "spdlog/"),
}
OUTSIDE = ("unicode/", "boost/", "soci/", "openssl/", "spdlog/", "fmt/", "toml++/", "CLI/", "sodium", "prometheus/", "sqlite3", "png.h", "qrencode.h", "hpdf.h")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def layer_of(path: str) -> str:
    # The simulated world holds the real workflows and store; it is wired there as app wires them.
    if path.startswith(("sim/world/", "sim/simulate/")):
        return "world"
    return path.split("/")[0]


def offences(root: Path):
    files = [(f, f.relative_to(root / "src").as_posix()) for f in sorted((root / "src").rglob("*.[ch]pp"))]
    files += [(f, f.relative_to(root).as_posix()) for f in sorted((root / "sim").rglob("*.[ch]pp"))]
    for file, name in files:
        layer = layer_of(name)
        is_test = name.endswith(("_test.cpp", "_test.hpp"))
        if layer not in MAY_INCLUDE:
            continue
        for bracket, target in INCLUDE.findall(file.read_text(encoding="utf-8")):
            if bracket == '"':
                allowed = MAY_INCLUDE[layer]
                if layer_of(target) not in allowed and not any(target.startswith(a + "/") for a in allowed if "/" in a):
                    if not (is_test and layer_of(target) in {"sim", "tests"} | INNER):
                        yield f"{name}: {layer} may not include {target}"
            elif layer in MAY_USE and not is_test and target.startswith(OUTSIDE):
                if not any(target.startswith(p) for p in MAY_USE[layer]):
                    yield f"{name}: {layer} may not use <{target}>"


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent)
    found = list(offences(root))
    for line in found:
        print(line)
    print(f"layers: {len(found)} offences")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
