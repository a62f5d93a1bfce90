// Draws the neighbourhood that the list beside it tells, and walks along it without loading the page anew. Whoever has
// no scripts, or does not see the picture, has all of it in the list and its links.

const container = document.getElementById("picture");
const colours = matchMedia("(prefers-color-scheme: dark)");
const telephones = matchMedia("(max-width: 48rem)");
const SHAPES = {
  person: "ellipse",
  topic: "round-rectangle",
  event: "diamond",
  organisation: "hexagon",
  resource: "rectangle",
  country: "round-tag",
  language: "octagon",
};
const LONGEST_MS = 10000;
// What a telephone has room for: who shares most, and what most of these share.
const MOST_PEOPLE = 8;
const MOST_THINGS = 6;
const LONGEST_LABEL = 36;
let columnsOf = { width: 0, height: 0 };
let drawn = null;
let told = null;

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function style() {
  const kinds = Object.keys(SHAPES).map((kind) => ({
    selector: `node.${kind}`,
    style: { "background-color": token(`--kind-${kind}`), shape: SHAPES[kind] },
  }));
  return [
    {
      selector: "node",
      style: {
        label: "data(label)",
        width: 18,
        height: 18,
        color: token("--ink"),
        "font-family": getComputedStyle(document.body).fontFamily,
        "font-size": telephones.matches ? 12 : 13,
        "text-wrap": "wrap",
        "text-max-width": telephones.matches ? 84 : 130,
        "text-valign": "bottom",
        "text-margin-y": 3,
        "text-outline-color": token("--card"),
        "text-outline-width": 2,
      },
    },
    ...kinds,
    { selector: "node.centre", style: { width: 34, height: 34, "font-size": telephones.matches ? 14 : 16, "font-weight": "bold" } },
    { selector: "edge", style: { width: 1, "line-color": token("--line"), "curve-style": "straight" } },
    { selector: ".far", style: { opacity: 0.2 } },
  ];
}

function shortened(label) {
  const characters = Array.from(label);
  return characters.length > LONGEST_LABEL ? `${characters.slice(0, LONGEST_LABEL - 1).join("").trimEnd()}…` : label;
}

// The part of a picture that a telephone has room for; people come in the order in which they share most.
function narrowed({ centre, nodes, edges }) {
  const people = nodes.filter((node) => node.kind === "person" && node.id !== centre).slice(0, MOST_PEOPLE);
  const shown = new Set([centre, ...people.map((node) => node.id)]);
  const times = new Map();
  for (const [person, thing] of edges) {
    if (person !== centre && shown.has(person)) {
      times.set(thing, (times.get(thing) ?? 0) + 1);
    }
  }
  const most = [...times].sort((one, other) => other[1] - one[1]).slice(0, MOST_THINGS);
  most.forEach(([thing]) => shown.add(thing));
  return {
    centre,
    nodes: nodes.filter((node) => shown.has(node.id)),
    edges: edges.filter((ends) => ends.every((end) => shown.has(end))),
  };
}

// The same picture for the same people: what is shared stands on an inner ring, and outside it each person near what
// they share.
function places(picture) {
  const things = picture.nodes.filter((node) => node.kind !== "person");
  const people = picture.nodes.filter((node) => node.kind === "person" && node.id !== picture.centre);
  const angles = new Map(things.map((node, number) => [node.id, (2 * Math.PI * number) / things.length]));
  const where = new Map(people.map((node) => [node.id, { x: 0, y: 0 }]));
  for (const [person, thing] of picture.edges) {
    const sum = where.get(person);
    if (sum) {
      sum.x += Math.cos(angles.get(thing));
      sum.y += Math.sin(angles.get(thing));
    }
  }
  const towards = (node) => Math.atan2(where.get(node.id).y, where.get(node.id).x);
  const around = [...people].sort((one, other) => towards(one) - towards(other) || (one.id < other.id ? -1 : 1));
  const first = around.length ? towards(around[0]) : 0;
  const found = { [picture.centre]: { x: 0, y: 0 } };
  [...angles].forEach(([id, angle], number) => {
    const outwards = number % 2 ? 1 : 1.3;
    found[id] = { x: 270 * outwards * Math.cos(angle), y: 140 * outwards * Math.sin(angle) };
  });
  around.forEach((node, number) => {
    const angle = first + (2 * Math.PI * number) / around.length;
    const outwards = number % 2 ? 1 : 1.22;
    found[node.id] = { x: 540 * outwards * Math.cos(angle), y: 290 * outwards * Math.sin(angle) };
  });
  return found;
}

// On a telephone: below the person what is shared, a line each, and beside it the people, in pixels of the container.
function columns({ centre, nodes }) {
  const { clientWidth: width, clientHeight: height } = container;
  columnsOf = { width, height };
  const things = nodes.filter((node) => node.kind !== "person");
  const people = nodes.filter((node) => node.kind === "person" && node.id !== centre);
  const found = { [centre]: { x: width / 2, y: 24 } };
  const below = (number, of) => 100 + ((height - 150) * number) / Math.max(of - 1, 1);
  things.forEach((node, number) => {
    found[node.id] = { x: width / 2 + (number % 2 ? 18 : -18), y: below(number, things.length) };
  });
  people.forEach((node, number) => {
    const row = Math.floor(number / 2);
    found[node.id] = { x: number % 2 ? width - 48 : 48, y: below(row + 0.25, Math.ceil(people.length / 2) + 0.5) };
  });
  return found;
}

function draw(whole) {
  told = whole;
  const picture = telephones.matches ? narrowed(whole) : whole;
  drawn?.destroy();
  container.hidden = false;
  const position = telephones.matches ? columns(picture) : places(picture);
  drawn = cytoscape({
    container,
    elements: [
      ...picture.nodes.map((node) => ({
        group: "nodes",
        data: { ...node, label: shortened(node.label) },
        classes: node.id === picture.centre ? `${node.kind} centre` : node.kind,
        position: position[node.id],
      })),
      ...picture.edges.map(([source, target]) => ({ group: "edges", data: { source, target } })),
    ],
    style: style(),
    layout: { name: "preset", animate: false, fit: !telephones.matches, padding: 24 },
    userZoomingEnabled: false,
    userPanningEnabled: false,
    boxSelectionEnabled: false,
    autoungrabify: true,
    autounselectify: true,
  });
  container.dataset.centre = picture.centre;
  drawn.on("tap", "node", ({ target }) => {
    const { walk: onwards, address } = target.data();
    if (target.id() !== picture.centre && onwards) {
      walk(onwards, true);
    } else if (address) {
      location.assign(address);
    }
  });
  drawn.on("mouseover", "node", ({ target }) => {
    drawn.elements().difference(target.closedNeighborhood()).addClass("far");
    container.classList.toggle("leads-on", Boolean(target.data("walk") || target.data("address")));
  });
  drawn.on("mouseout", "node", () => {
    drawn.elements().removeClass("far");
    container.classList.remove("leads-on");
  });
}

// What an address answers and, if it is as wished, what `read` makes of it; nothing where it takes too long or breaks off.
async function asked(address, read, headers = {}) {
  try {
    const answer = await fetch(address, { headers, signal: AbortSignal.timeout(LONGEST_MS) });
    return { ok: answer.ok, status: answer.status, body: answer.ok ? await read(answer) : null };
  } catch {
    return null;
  }
}

async function fetchAndDraw() {
  const address = document.getElementById("walked").dataset.picture;
  const answer = await asked(address, (whole) => whole.json());
  if (document.getElementById("walked").dataset.picture !== address) {
    return;
  }
  if (!isReached(answer, fetchAndDraw)) {
    return;
  }
  container.hidden = !answer.ok;
  if (answer.ok) {
    draw(answer.body);
  }
}

// Says whether the network was reached (reached.js), and what to do again if it was not.
function isReached(answer, again) {
  const is = Boolean(answer) && answer.status < 500;
  document.dispatchEvent(is ? new Event("reached") : new CustomEvent("unreached", { detail: again }));
  return is;
}

async function walk(address, isNew) {
  const answer = await asked(address, (whole) => whole.text(), { Accept: "text/html" });
  if (!isReached(answer, () => walk(address, isNew))) {
    return;
  }
  const next = new DOMParser().parseFromString(answer.body ?? "", "text/html");
  if (!next.getElementById("walked")) {
    location.assign(address);
    return;
  }
  for (const part of ["#walked-head", "#walked", "footer.bottom"]) {
    document.querySelector(part).replaceWith(next.querySelector(part));
  }
  document.title = next.title;
  if (isNew) {
    history.pushState(null, "", address);
    scrollTo(0, 0);
  }
  document.querySelector("#walked-head h1").focus({ preventScroll: true });
  await fetchAndDraw();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-walk]");
  if (link && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    walk(link.getAttribute("href"), true);
  }
});
addEventListener("popstate", () => walk(location.pathname + location.search, false));
addEventListener("resize", () => {
  if (!telephones.matches) {
    drawn?.resize().fit(undefined, 24);
  } else if (told && (container.clientWidth !== columnsOf.width || container.clientHeight !== columnsOf.height)) {
    draw(told);
  }
});
colours.addEventListener("change", () => drawn?.style(style()));
telephones.addEventListener("change", () => (told ? draw(told) : undefined));

if (typeof cytoscape === "function") {
  // Cytoscape writes a style element unless there is one of this id, which the page's policy would refuse; what it would
  // say stands in our own stylesheet.
  document.querySelector("link[rel=stylesheet]").id = "__________cytoscape_stylesheet";
  fetchAndDraw();
}
