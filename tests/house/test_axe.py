"""axe finds nothing serious on any kind of page, nothing is wider than a small telephone, and
Tibetan has room between its lines."""

import pytest

from tests.picturing import KINDS, LANGUAGES, House
from tests.serving import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.slow]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
JUDGE = """rules => axe.run(document, {runOnly: {type: 'tag', values: rules},
    resultTypes: ['violations']}).then(found => found.violations
    .filter(v => ['serious', 'critical'].includes(v.impact))
    .map(v => [v.id, v.nodes.length, v.nodes[0].html.slice(0, 160), v.nodes[0].failureSummary]))"""
WIDER = """() => [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .slice(0, 3).map(e => e.outerHTML.slice(0, 120))"""

# Tibetan stacks its letters: where its lines are nearer than 1.8 times the size, they touch.
CRAMPED = """() => [...document.querySelectorAll('body *')].filter(e => e.checkVisibility()
    && !e.closest('svg, select, linli-map, .unseen')
    && [...e.childNodes].some(n => n.nodeType === 3 && /[\\u0f40-\\u0fbc]/.test(n.data)))
    .filter(e => { const s = getComputedStyle(e);
        return parseFloat(s.lineHeight) < 1.79 * parseFloat(s.fontSize) })
    .slice(0, 3).map(e => e.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def house(server, chromium):
    return House(server, chromium)


@pytest.mark.parametrize("who", sorted({kind.who for kind in KINDS}))
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_serious_and_nothing_too_wide(house, language, who):
    """Every page on a telephone in every language; wide, light and dark take turns."""
    turn = LANGUAGES.index(language)
    kinds = [kind for kind in KINDS if kind.who == who]
    wrong = []
    with house.reader(who, language, 320, ("light", "dark", "light")[turn]) as page:
        for kind in kinds:
            wrong += judged(house, page, kind)
            if page.evaluate("document.scrollingElement.scrollWidth") > 320:
                wrong.append((kind.name, "too wide", page.evaluate(WIDER)))
            if cramped := page.evaluate(CRAMPED):
                wrong.append((kind.name, "Tibetan is cramped", cramped))
    with house.reader(who, language, 1440, ("dark", "light", "light")[turn]) as page:
        for kind in kinds[turn::3]:
            wrong += judged(house, page, kind)
    assert wrong == []


def judged(house, page, kind):
    """What axe calls serious or critical on a kind of page."""
    house.open(page, kind)
    page.add_script_tag(path=AXE)
    return [(kind.name, *found) for found in page.evaluate(JUDGE, RULES)]
