// What is wrong with the page that is open: a text that ran, a breach of the content policy, an element, address or
// attribute that no page of ours has, a page wider than its window, and words that stand out of their order.
(() => {
  window.breaches = [];
  addEventListener("securitypolicyviolation", (event) => window.breaches.push(event.violatedDirective));

  const STRANGE = "iframe, object, embed, base, applet, frame, style, meta[http-equiv], script:not([src]):not([type='application/json'])";
  const ADDRESSES = ["href", "src", "action", "formaction", "hx-get", "hx-post", "poster", "xlink:href"];

  const strangers = function* () {
    for (const element of document.querySelectorAll(STRANGE)) yield element.outerHTML.slice(0, 120);
    for (const element of document.querySelectorAll("*")) {
      for (const { name, value } of element.attributes) {
        if (name.startsWith("on") || name.startsWith("hx-on") || name === "srcdoc") yield `${element.localName} has ${name}`;
        if (name === "style" && element.localName !== "canvas") yield `${element.localName} has a style`;
        if (ADDRESSES.includes(name) && new URL(value, location.href).origin !== location.origin) yield `${name} ${value.slice(0, 80)}`;
      }
    }
  };

  const isInline = (element) => ["inline", "contents"].includes(getComputedStyle(element).display);

  const blockOf = (node) => {
    let element = node.parentElement;
    while (element && isInline(element)) element = element.parentElement;
    return element;
  };

  const textsOf = (root) => {
    const found = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) found.push(walker.currentNode);
    return found.filter((node) => node.data.trim() && !["SCRIPT", "STYLE", "TITLE"].includes(node.parentElement.localName));
  };

  // Planted texts as a whole, and every other word by itself, each with the place where it is painted.
  const piecesOf = (node, turning) => {
    const pieces = [];
    for (const { 0: text, index } of node.data.matchAll(new RegExp(`(?:${turning})|\\S+?(?=${turning}|\\s|$)`, "gu"))) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + text.length);
      const { left, right, top, bottom, width } = range.getBoundingClientRect();
      const lines = new Set([...range.getClientRects()].map((rect) => Math.round(rect.top)));
      if (width && lines.size === 1) pieces.push({ text, left, right, middle: (top + bottom) / 2, top, bottom });
    }
    return pieces;
  };

  const turned = function* (turning) {
    const isPlanted = new RegExp(turning, "u");
    const blocks = new Set(textsOf(document.body).filter(({ data }) => isPlanted.test(data)).map(blockOf));
    for (const block of blocks) {
      const pieces = textsOf(block).filter((node) => blockOf(node) === block).flatMap((node) => piecesOf(node, turning));
      for (const [at, piece] of pieces.slice(1).entries()) {
        const before = pieces[at];
        const isSameLine = piece.middle > before.top && piece.middle < before.bottom;
        if (isSameLine && piece.left < before.left - 1) yield `“${before.text}” stands behind “${piece.text}”`;
      }
    }
  };

  const widerBy = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const frame = () => new Promise((done) => { requestAnimationFrame(done); });

  window.look = async (turning) => {
    document.querySelectorAll("details:not(.menu)").forEach((element) => { element.open = true; });
    // A drawn chart follows its place some frames later.
    for (let frames = 0; widerBy() > 0 && frames < 60; frames += 1) await frame();
    const wider = widerBy();
    return [
      ...(window.ran === undefined ? [] : ["a text ran"]),
      ...window.breaches.map((directive) => `breach of ${directive}`),
      ...(wider > 0 ? [`${wider} px too wide`] : []),
      ...(/[\u202a-\u202e]/.test(document.title) ? ["the title is turned"] : []),
      ...strangers(),
      ...new Set(turned(turning)),
    ];
  };
})();
