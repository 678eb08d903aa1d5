#!/usr/bin/env python3
# browser.py - looks at pages of noneq report in Chromium, over its debugging pipe.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
"""Usage: browser.py FOLDER PAGE...

For each page, at 360 and at 1200 pixels, light and dark: nothing goes over the edge, nothing is
asked of any network, nothing is complained about, all text can be selected and has a contrast of
4.5 to what is behind it. Leaves pictures and PDFs of them in FOLDER. Prints TAP."""
import base64
import json
import os
import subprocess
import sys
import tempfile

WIDTHS = (360, 1200)
SCHEMES = ('light', 'dark')

# What a page says of itself. Colours that stand on each other are those of the nearest ancestors
# that have any; in drawings text stands on the paper.
LOOK = r'''(() => {
  const number = text => (text.match(/[\d.]+/g) || []).map(Number);
  const light = rgb => { const [r, g, b] = rgb.slice(0, 3).map(c => { c /= 255;
    return c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4; });
    return .2126 * r + .7152 * g + .0722 * b; };
  const behind = element => { for (let at = element; at; at = at.parentElement) {
      const rgb = number(getComputedStyle(at).backgroundColor);
      if (rgb.length === 3 || rgb[3] > 0) return rgb; } return [255, 255, 255]; };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let worst = 99, where = '', texts = 0, drawn = 0, fixed = 0;
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (!node.data.trim()) continue;
    texts++;
    const style = getComputedStyle(parent), is_drawn = parent.namespaceURI.endsWith('svg');
    drawn += is_drawn;
    if (style.userSelect === 'none') fixed++;
    const front = light(number(is_drawn ? style.fill : style.color)), back = light(behind(parent));
    const contrast = (Math.max(front, back) + .05) / (Math.min(front, back) + .05);
    if (contrast < worst) { worst = contrast; where = node.data.slice(0, 60); }
  }
  const marks = ['d', 's'].map(c => { const at = document.querySelector('svg .' + c);
    return at ? number(getComputedStyle(at).fill) : null; }).filter(Boolean);
  const paper = light(behind(document.body));
  const clipped = [...document.querySelectorAll('svg text')].filter(t => { const a =
    t.getBoundingClientRect(), b = t.ownerSVGElement.getBoundingClientRect();
    return a.left < b.left - 2 || a.right > b.right + 2 || a.top < b.top - 2 ||
           a.bottom > b.bottom + 2; }).map(t => t.textContent);
  const selection = getSelection();
  selection.selectAllChildren(document.body);
  const selected = selection.toString();
  selection.removeAllRanges();
  return JSON.stringify({width: document.documentElement.scrollWidth, inner: innerWidth, worst,
    where, texts, drawn, fixed, clipped, selected: selected.length,
    headings: document.querySelectorAll('h1').length,
    marks: marks.map(rgb => { const l = light(rgb);
      return (Math.max(l, paper) + .05) / (Math.min(l, paper) + .05); })});
})()'''


class Browser:
    """Chromium over a pipe: JSON with a zero behind each message."""

    def __init__(self):
        self.home = tempfile.TemporaryDirectory()
        to_read, self.to = os.pipe()
        self.back, from_write = os.pipe()
        words = ['chromium', '--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars',
                 '--remote-debugging-pipe', '--user-data-dir=' + self.home.name]

        def place():
            os.dup2(to_read, 103)
            os.dup2(from_write, 104)
            os.dup2(103, 3)
            os.dup2(104, 4)
        self.process = subprocess.Popen(words, preexec_fn=place, close_fds=False,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(from_write)
        self.count, self.buffer, self.events = 0, b'', []

    def receive(self):
        while b'\0' not in self.buffer:
            piece = os.read(self.back, 1 << 16)
            if not piece:
                raise EOFError('the browser has ended')
            self.buffer += piece
        message, self.buffer = self.buffer.split(b'\0', 1)
        return json.loads(message)

    def call(self, method, session=None, **params):
        self.count += 1
        message = {'id': self.count, 'method': method, 'params': params}
        if session:
            message['sessionId'] = session
        os.write(self.to, json.dumps(message).encode() + b'\0')
        while True:
            answer = self.receive()
            if answer.get('id') == self.count:
                if 'error' in answer:
                    raise RuntimeError(method + ': ' + str(answer['error']))
                return answer['result']
            self.events.append(answer)

    def wait(self, method):
        while not any(event['method'] == method for event in self.events):
            self.events.append(self.receive())

    def close(self):
        self.call('Browser.close')
        self.process.wait()
        self.home.cleanup()


def look(browser, path, width, scheme, folder):
    """What the page is like, and what it asked for and was complained of."""
    target = browser.call('Target.createTarget', url='about:blank')['targetId']
    session = browser.call('Target.attachToTarget', targetId=target, flatten=True)['sessionId']
    for domain in ('Page', 'Network', 'Log', 'Runtime'):
        browser.call(domain + '.enable', session)
    browser.call('Emulation.setDeviceMetricsOverride', session, width=width, height=800,
                 deviceScaleFactor=1, mobile=False)
    browser.call('Emulation.setEmulatedMedia', session,
                 features=[{'name': 'prefers-color-scheme', 'value': scheme}])
    browser.events.clear()
    browser.call('Page.navigate', session, url='file://' + os.path.realpath(path))
    browser.wait('Page.loadEventFired')
    result = browser.call('Runtime.evaluate', session, expression=LOOK)['result']
    seen = json.loads(result['value'])
    seen['asked'] = [e['params']['request']['url'][:80] for e in browser.events
                     if e['method'] == 'Network.requestWillBeSent'
                     and not e['params']['request']['url'].startswith(('data:', 'file://'))]
    seen['files'] = sum(e['method'] == 'Network.requestWillBeSent'
                        and e['params']['request']['url'].startswith('file://')
                        for e in browser.events)
    seen['said'] = [str(e['params'])[:200] for e in browser.events
                    if e['method'] in ('Log.entryAdded', 'Runtime.consoleAPICalled',
                                       'Runtime.exceptionThrown')]
    name = os.path.join(folder, os.path.basename(path).rsplit('.', 1)[0])
    picture = browser.call('Page.captureScreenshot', session, captureBeyondViewport=True)['data']
    with open(f'{name}.{width}.{scheme}.png', 'wb') as file:
        file.write(base64.b64decode(picture))
    if scheme == 'dark' and width == WIDTHS[-1]:
        paper = browser.call('Page.printToPDF', session, preferCSSPageSize=True,
                             printBackground=True)['data']
        with open(name + '.pdf', 'wb') as file:
            file.write(base64.b64decode(paper))
    browser.call('Target.closeTarget', targetId=target)
    return seen


class Tap:
    """Cases as tests/run.sh counts them."""

    def __init__(self):
        self.cases = self.failures = 0

    def holds(self, sentence, is_so, details=''):
        self.cases += 1
        self.failures += not is_so
        print(('ok' if is_so else 'not ok') + f' {self.cases} - {sentence}', flush=True)
        if not is_so:
            print('#   ' + str(details)[:400])


def judge(tap, name, seen):
    tap.holds(f'{name}: nothing goes over the edge', seen['width'] <= seen['inner'], seen)
    tap.holds(f'{name}: nothing is fetched', not seen['asked'] and seen['files'] == 1, seen['asked'])
    tap.holds(f'{name}: the console is empty', not seen['said'], seen['said'])
    tap.holds(f'{name}: text has contrast', seen['worst'] >= 4.5, (seen['worst'], seen['where']))
    tap.holds(f'{name}: so have marks', min(seen['marks'] or [9]) >= 4.5, seen['marks'])
    tap.holds(f'{name}: text can be selected', seen['fixed'] == 0 and seen['selected'] > 500, seen)
    tap.holds(f'{name}: no text of a drawing is cut off', not seen['clipped'], seen['clipped'])
    tap.holds(f'{name}: there is one title', seen['headings'] == 1)


def main():
    folder, pages = sys.argv[1], sys.argv[2:]
    tap, browser = Tap(), Browser()
    for path in pages:
        for width in WIDTHS:
            for scheme in SCHEMES:
                name = f'{os.path.basename(path)} at {width} pixels, {scheme}'
                judge(tap, name, look(browser, path, width, scheme, folder))
    browser.close()
    print(f'1..{tap.cases}')
    sys.exit(tap.failures > 0)


if __name__ == '__main__':
    main()
