(() => {
  let look = JSON.parse(get("data").textContent);
  let draw;
  // The steps that were taken, and those that were taken back and can be taken again.
  let trail = [];
  // What was asked for last: an answer to anything before is too late.
  let asked = 0;

  const places = () => (look.path === "" ? [] : look.path.split("."));
  const query = (path, more = {}) => {
    const all = { ...(look.scenario === null ? {} : { scenario: look.scenario }), ...(path === "" ? {} : { path }), ...more };
    // A code names its scenario.
    if (path.startsWith("failproof:")) delete all.scenario;
    return new URLSearchParams(all).toString().replaceAll("%3A", ":");
  };
  const counted = (steps) => (steps === 1 ? "1 step" : `${steps} steps`);
  const address = (search) => (search === "" ? "/" : `/?${search}`);
  const say = (text, refused = false) => {
    get("says").textContent = text;
    get("says").className = refused ? "refused" : "";
  };

  /** What the server answers; nothing, if it refuses, which is said, or if something else was asked for meanwhile. */
  const ask = async (where, search) => {
    asked += 1;
    const own = asked;
    document.body.dataset.busy = "";
    try {
      const answer = await fetch(search === "" ? where : `${where}?${search}`);
      const text = await answer.text();
      if (own !== asked) return null;
      if (answer.ok) return JSON.parse(text);
      say(text, true);
    } catch {
      if (own === asked) say("The server does not answer: failproof explore has ended.", true);
    } finally {
      if (own === asked) delete document.body.dataset.busy;
    }
    return null;
  };

  /** Goes to an address; `keep` leaves the history of the browser as it is. */
  const go = async (search, keep = false) => {
    const chosen = document.activeElement?.classList.contains("choice");
    const next = await ask("/state", search);
    if (next === null) return;
    look = next;
    if (!keep) history.pushState(null, "", address(search));
    say("");
    render();
    // Whoever has chosen a step with a key goes on choosing.
    if (chosen) document.querySelector(".choice")?.focus();
  };
  const goTo = (steps) => go(query(steps.join(".")));

  const drawChoices = () => {
    const { enabled, disabled } = look.choices;
    const groups = enabled.map((group) => {
      const steps = group.steps.map(({ place, action }) => {
        const link = make("a", "choice mono", action);
        const search = query([...places(), place].join("."));
        link.href = address(search);
        link.onclick = (event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          go(search);
        };
        return link;
      });
      const rule = make("div", "rule", make("b", "", group.rule), ` ${group.statement}`);
      return make("div", `group ${group.fault ? "fault" : ""}`, rule, ...steps);
    });
    const nothing = look.ended ? "Nothing: the job has ended." : "Nothing: the job is stuck.";
    get("possible").replaceChildren(...(groups.length ? groups : [make("p", "", nothing)]));
    const kept = (always) => disabled.filter((it) => it.always === always);
    drawKept("impossible", "no step is possible now", kept(false));
    drawKept("never", "faults that the scenario does not have", kept(true));
  };

  /** Rules of which no step is possible, each with what keeps it. */
  const drawKept = (id, what, rules) => {
    const [summary, list] = get(id).children;
    summary.textContent = `${rules.length} rules: ${what}`;
    list.replaceChildren(...rules.map(({ rule, statement, why }) =>
      make("li", "", make("b", "", rule), ` ${why}. `, make("small", "", statement))));
  };

  const drawHead = () => {
    const { picture, violated } = look;
    const about = picture.property === null ? null : picture.properties[picture.property];
    const wrong = picture.violation ? { property: about.id, why: picture.why } : violated[0];
    const steps = places().length;
    const last = picture.frames[steps];
    document.title = `${picture.scenario}, ${counted(steps)}`;
    document.body.className = wrong ? "violation" : "witness";
    get("scenario").replaceChildren(make("b", "", picture.scenario), ` (${picture.preset}). ${picture.story}`);
    get("why").textContent = wrong ? wrong.why.sentence : `The job is ${last.job}.`;
    get("claim").replaceChildren();
    const false_ = [wrong && wrong.property, ...violated.map((it) => it.property)].filter((id, k, all) => id && all.indexOf(id) === k);
    if (wrong) get("claim").append("So this is false: ", make("b", "mono", false_.join(", ")), ".");
    else if (about) get("claim").append("This is what it is about: ", make("b", "mono", about.id), ".");
    if (look.refuted) get("claim").append(` The code says more than is true: ${look.refuted}.`);
    if (look.unjudged) get("claim").append(` Nothing is said of ${look.unjudged.properties.join(", ")}: the runs without faults: ${look.unjudged.why}.`);
    const more = wrong ? wrong.why.more : look.waiting;
    get("more").hidden = more.length === 0;
    get("more").children[0].textContent = wrong ? "What bears it out" : "Who waits for what";
    get("evidence").replaceChildren(...more.map((it) => make("li", "", it)));
  };

  const drawKeep = () => {
    get("trace").href = `/trace?${query(get("code").value = look.code)}`;
  };

  const render = () => {
    const steps = places();
    if (!steps.every((place, k) => trail[k] === place)) trail = steps;
    draw = drawing(look.picture, (index) => goTo(steps.slice(0, index)));
    drawHead();
    drawChoices();
    drawKeep();
    draw.drawLanes();
    draw.drawFrame(steps.length);
    get("where").textContent = counted(steps.length);
    get("first").disabled = get("back").disabled = steps.length === 0;
    get("again").disabled = trail.length <= steps.length;
    get("random").disabled = look.choices.enabled.length === 0;
  };

  const back = () => places().length > 0 && goTo(places().slice(0, -1));
  const again = () => trail.length > places().length && goTo(trail.slice(0, places().length + 1));
  const random = async () => {
    const seed = Math.floor(Math.random() * 2 ** 32);
    const strolled = await ask("/random", query(look.path, { seed }));
    if (strolled === null) return;
    await go(query(strolled.path));
    say(strolled.taken === 0 ? "Nothing is possible here." : `${counted(strolled.taken)} at random.`);
  };
  const nearest = async (kind) => {
    say("Looking ahead…");
    const found = await ask("/nearest", query(look.path, { property: get("property").value, kind }));
    if (found === null) return;
    if (found.path !== null) await go(query(found.path));
    say(`${found.sentence[0].toUpperCase()}${found.sentence.slice(1)}.`);
  };
  /** Moves the focus among the steps that can be chosen. */
  const choose = (by) => {
    const links = [...document.querySelectorAll(".choice")];
    const at = links.indexOf(document.activeElement);
    const next = at < 0 ? (by > 0 ? 0 : links.length - 1) : (at + by + links.length) % links.length;
    links[next]?.focus();
  };

  const KEYS = {
    ArrowUp: () => choose(-1),
    ArrowDown: () => choose(1),
    ArrowLeft: back,
    ArrowRight: again,
    Home: () => goTo([]),
    End: () => goTo(trail),
    r: random,
    n: () => nearest("violation"),
    w: () => nearest("witness"),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(KEYS, event.key)) return;
    if (event.target instanceof Element && event.target.matches("input, select")) return;
    event.preventDefault();
    KEYS[event.key]();
  });
  get("first").onclick = () => goTo([]);
  get("back").onclick = back;
  get("again").onclick = again;
  get("random").onclick = random;
  get("violation").onclick = () => nearest("violation");
  get("witness").onclick = () => nearest("witness");
  get("copy").onclick = async () => {
    get("code").select();
    try {
      await navigator.clipboard.writeText(look.code);
      say("Copied.");
    } catch {
      say("It is selected, and can be copied from there.");
    }
  };
  const select = get("property");
  select.append(...look.picture.properties.map(({ id }) => make("option", "", id)));
  select.onchange = () => {
    get("statement").textContent = look.picture.properties[select.selectedIndex].statement;
  };
  select.selectedIndex = look.picture.property ?? look.suggested;
  select.onchange();
  window.addEventListener("popstate", () => go(location.search.slice(1), true));
  window.addEventListener("resize", () => draw.drawArrows(places().length));
  render();
})();
