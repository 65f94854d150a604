"""The `sunlit` command: one verb, one module of engine/cli."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from engine.errors import BadSetting, Invalid, SunlitError

VERBS = {
    "check": "find what is wrong with BPMN files and item folders",
    "diff": "say in words what changed between two definitions",
    "migrate": "bring the database to the present version",
    "seed": "found the county of a TOML file, or the demo county, in an empty database",
    "accounts": "list the demo accounts",
    "deploy": "propose an item's folder as its next version",
    "approve": "approve somebody else's proposal",
    "decline": "decline somebody else's proposal, or take one's own back",
    "propose": "propose a post, stand-in, absence, officer, account change, leaving or the rules: propose post ...",
    "officer": "show an officer's posts, stand-ins and absences",
    "password": "change your own password",
    "factor": "enrol your second factor",
    "proposals": "list the proposals that wait for a second person",
    "repair": "propose to repair a case whose flow could not go on",
    "move": "propose to move running cases to another version of their item",
    "staff": "prove that an item can be done with today's officers, or say why not",
    "calendar": "show the working days in force; propose the notice of another year: calendar adopt FILE",
    "due": "list what is due; count a limit and explain it: due --start D --limit N",
    "tick": "do what is due, once",
    "clock": "show the clock; move the demo clock forward: clock advance 3d",
    "document": "write a document to a file, made anew from what the step recorded",
    "verify": "check the trace of the database, or of an export's folder",
    "export": "export the trace to a folder",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a verb; exit 0 done, 1 refused or findings, 2 usage."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in ("-h", "--help"):
        print("usage: sunlit VERB ...\n")
        for verb, text in VERBS.items():
            print(f"  {verb:10} {text}")
        return 0 if words else 2
    if words[0] not in VERBS:
        print(f"sunlit: there is no verb '{words[0]}'; see sunlit --help", file=sys.stderr)
        return 2
    from engine.db.outage import explained  # here, so that help and usage come at once

    run: Callable[[list[str]], int] = import_module(f"engine.cli.{words[0]}").run
    try:
        with explained(migrating=words[0] == "migrate"):
            return run(words[1:])
    except BadSetting as error:
        print(f"sunlit: {error}", file=sys.stderr)
        return 2
    except Invalid as error:
        print(error)
        return 1
    except OSError as error:
        print(f"sunlit: {error.filename or error}: {error.strerror or ''}".rstrip(": "), file=sys.stderr)
        return 2
    except SunlitError as error:
        basis = getattr(error, "basis", "")
        print(f"sunlit: {error}" + (f" ({basis})" if basis else ""), file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
