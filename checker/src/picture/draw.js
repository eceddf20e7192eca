"use strict";
const get = (id) => document.getElementById(id);

/** An element with a class, and text or elements in it. */
const make = (tag, name, ...inside) => {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...inside.filter((it) => it !== null && it !== undefined));
  return element;
};

/**
 * Draws a picture into the sections of a page. `show` is called with the number of a frame that somebody has chosen.
 */
const drawing = (picture, show) => {
  const { job, frames, properties } = picture;
  const last = frames.length - 1;
  const attempt = (v, number) => `${job.vertices[v].name}#${number}`;

  /** A value; where it was another in the frame before, with that one beside it. */
  const value = (now, before, name) => {
    const text = now ?? "–";
    if (before === undefined || before === now) return make("span", name, text);
    const span = make("span", `changed ${name ?? ""}`);
    if (before !== null) span.append(make("span", "old", before));
    span.append(text);
    return span;
  };
  const line = (label, ...inside) => make("div", "line", make("span", "label", `${label} `), ...inside);

  // What the master believes, and in brackets what is true on the TaskManager where that is not the same.
  const TRUTH_OF = { FINISHED: "None", CREATED: "None", SCHEDULED: "None", FAILED: "None", CANCELED: "None" };
  const state = (task) => {
    const expected = TRUTH_OF[task.book] ?? "Running";
    return task.truth === expected ? task.book : `${task.book} [${task.truth}]`;
  };
  const where = (on) => (on === null ? null : `TM${on}`);

  const drawTask = (v, frame, before) => {
    const task = frame.tasks[v];
    const old = before?.tasks[v];
    const { name, region, inputs } = job.vertices[v];
    const box = make("div", "task");
    box.id = `task-${v}`;
    box.style.setProperty("--hue", String((region * 137) % 360));
    box.title = `Region ${region}`;
    const number = make("small", "", value(`#${task.attempt}`, old && `#${old.attempt}`));
    if (job.regions < job.vertices.length) number.append(` region ${region}`);
    box.append(make("div", "top", make("b", "", name, number), value(where(task.on), old && where(old.on), "mono")));
    const text = state(task);
    const shownState = value(text, old && state(old), `state ${task.book}`);
    box.append(make("div", "", shownState, task.restarting ? make("span", "line label", " restarts") : null));
    inputs.forEach((p, input) => {
      const producer = job.partitions[p].producer;
      const of = (it) => {
        const read = it?.reads[input];
        if (read) return `${attempt(producer, read.attempt)} ${read.rows}`;
        return it?.outdated.includes(input) ? `${job.vertices[producer].name}, a former attempt` : null;
      };
      if (of(task) || of(old)) box.append(line(task.reads[input] ? "has read" : "reads", value(of(task), old && of(old), "mono")));
    });
    if (task.rows && !(task.output && !job.partitions.some((it) => it.producer === v))) {
      box.append(line(task.output ? "output" : "holds", value(task.rows, old && old.rows, "mono")));
    } else if (task.rows) {
      box.append(line("to commit", value(task.rows, old && old.rows, "mono")));
    }
    if (task.shown) box.append(line("committed", value(task.shown, old && old.shown, "mono shown")));
    job.partitions.forEach((partition, p) => {
      if (partition.producer === v) drawPartition(p, frame, before).forEach((it) => box.append(it));
    });
    return box;
  };

  const drawPartition = (p, frame, before) => {
    const now = frame.partitions[p];
    const old = before?.partitions[p];
    const text = (it) => {
      if (!it.stored && !it.tracked) return null;
      const home = it.stored ? `stored on ${where(it.on) ?? "the shuffle service"}` : "no data";
      return `${home}, ${it.tracked ? "tracked" : "not tracked"}`;
    };
    if (!text(now) && !(old && text(old))) return [];
    const lie = now.tracked && !now.stored && frame.tasks[job.partitions[p].producer].book === "FINISHED";
    const box = make("div", `data ${now.stored ? "" : "gone"} ${lie ? "lie" : ""}`);
    box.append(make("span", "mono", job.partitions[p].name), " ", value(text(now) ?? "gone", old && (text(old) ?? "gone")));
    now.content.forEach(([reader, rows]) => box.append(line(`for ${job.vertices[reader].name}`, make("span", "mono", rows))));
    return [box];
  };

  const drawStages = (frame, before) => {
    const depth = Math.max(...job.stages.map((it) => it.depth));
    const columns = [];
    for (let level = 0; level <= depth; level += 1) {
      const column = make("div", "column");
      job.stages.forEach((stage, index) => {
        if (stage.depth !== level) return;
        const into = job.edges.filter((edge) => edge.to === index);
        const how = into.map((edge) => `${job.stages[edge.from].name} ${edge.partitioner}, ${edge.result_type}`).join("; ");
        const note = [how && `reads ${how}`, stage.operator !== "per-row" && stage.operator, stage.commit && `commits ${stage.commit}`];
        const tasks = make("div", "tasks");
        job.vertices.forEach((vertex, v) => vertex.stage === index && tasks.append(drawTask(v, frame, before)));
        const name = make("div", "name", stage.name, " ", make("small", "", note.filter(Boolean).join("; ")));
        column.append(make("div", "stage", name, tasks));
      });
      columns.push(column);
    }
    get("stages").replaceChildren(...columns);
  };

  /** Lines from producers to readers; those that were read are drawn stronger. */
  const drawArrows = (frame) => {
    const svg = get("arrows");
    const graph = get("graph").getBoundingClientRect();
    const scroll = get("graph").scrollLeft;
    const stages = get("stages");
    svg.setAttribute("width", stages.offsetWidth);
    svg.setAttribute("height", stages.offsetHeight);
    const paths = [];
    job.vertices.forEach((vertex, v) => vertex.inputs.forEach((p, input) => {
      const [from, to] = [job.partitions[p].producer, v].map((it) => get(`task-${it}`).getBoundingClientRect());
      const [x0, y0] = [from.right - graph.left + scroll, from.top + 18 - graph.top];
      const [x1, y1] = [to.left - graph.left + scroll, to.top + 18 - graph.top];
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      const middle = (x0 + x1) / 2;
      path.setAttribute("d", `M${x0} ${y0} C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}`);
      if (frame.tasks[v].reads[input]) path.setAttribute("class", "read");
      paths.push(path);
    }));
    svg.replaceChildren(...paths);
  };

  const drawCluster = (frame, before) => {
    const master = make("div", "machine", make("b", "", "JobMaster"));
    master.append(line("job", value(frame.job, before?.job)));
    master.append(line("faults left", value(frame.faults_left, before?.faults_left)));
    frame.restarts.forEach((it) => {
      const names = (list) => list.map((v) => job.vertices[v].name).join(" ");
      const waits = it.waits_for.length ? `, waits for ${names(it.waits_for)}` : "";
      master.append(line("will restart", names(it.vertices) + waits));
    });
    frame.messages.forEach((it) => master.append(line("under way", it)));
    const managers = frame.task_managers.map((status, t) => {
      const box = make("div", `machine ${status === "Registered" ? "" : "down"}`, make("b", "", `TM${t}`));
      box.append(value(status, before?.task_managers[t]));
      const tasks = job.vertices.filter((_, v) => frame.tasks[v].on === t && !["None", "Lost"].includes(frame.tasks[v].truth));
      if (tasks.length) box.append(line("runs", tasks.map((it) => it.name).join(" ")));
      const stored = job.partitions.filter((_, p) => frame.partitions[p].stored && frame.partitions[p].on === t);
      if (stored.length) box.append(line("stores", make("span", "mono", stored.map((it) => it.name).join(" "))));
      return box;
    });
    get("machines").replaceChildren(master, ...managers);
  };

  const MARKS = { violated: ["✗", "false"], holds: ["✓", "true"], goal: ["◎", "reached"], idle: ["·", "not about this"] };
  const firstViolation = properties.map((_, index) => frames.findIndex((it) => it.badges[index] === "violated"));
  const order = properties.map((_, index) => index)
    .sort((a, b) => (b === picture.property) - (a === picture.property) || (firstViolation[b] >= 0) - (firstViolation[a] >= 0) || a - b);
  const drawBadges = (frame) => {
    get("properties").replaceChildren(...order.map((index) => {
      const { id, statement } = properties[index];
      const badge = frame.badges[index];
      const [mark, words] = MARKS[badge];
      const item = make("li", `${badge} ${index === picture.property ? "about" : ""}`);
      item.title = statement;
      const sign = make("span", "mark", mark);
      sign.setAttribute("role", "img");
      sign.setAttribute("aria-label", words);
      item.append(sign, make("span", "id mono", id));
      const at = firstViolation[index];
      if (at >= 0) {
        const jump = make("button", "", `false at ${at}`);
        jump.onclick = () => show(at);
        item.append(jump);
      }
      return item;
    }));
  };

  const drawStep = (index, frame) => {
    const { step, changes } = frame;
    const rows = [make("div", `action mono ${step?.fault ? "fault" : ""}`, step ? step.action : "The run begins")];
    if (step) rows.push(make("div", "rule", `${step.statement} (section ${step.sections.join(", ")})`));
    rows.push(make("ul", "mono", ...(changes.length ? changes : ["nothing changes"]).map((it) => make("li", "", it))));
    get("step").replaceChildren(...rows);
  };

  /** The sequence diagram: a lane a process, a row a step. */
  const drawLanes = () => {
    const lanes = ["JobMaster", ...frames[0].task_managers.map((_, t) => `TM${t}`)];
    const head = make("tr", "", make("th", "", "#"), make("th", "", "step"), ...lanes.map((it) => make("th", "", it)));
    const rows = frames.map((frame, index) => {
      const { step } = frame;
      const button = make("button", "mono", step ? step.action : "The run begins");
      button.onclick = () => show(index);
      const cells = lanes.map((_, lane) => {
        const t = lane - 1;
        const acts = step && (lane === 0 ? step.master : step.acted.includes(t));
        const told = step && lane > 0 && step.told.includes(t);
        const sends = acts && lane > 0 && step.master ? "◀ ●" : acts ? "●" : "";
        return make("td", "lane", step?.fault && acts ? "⚡" : sends || (told ? "▷" : ""));
      });
      const bad = picture.violation && index === last ? "bad" : "";
      const loop = picture.lasso !== null && index > picture.lasso ? "loop" : "";
      const row = make("tr", `${step?.fault ? "fault" : ""} ${bad} ${loop}`, make("td", "", String(index)), make("td", "", button), ...cells);
      row.id = `step-${index}`;
      return row;
    });
    if (picture.lasso !== null) {
      const text = `↻ and from here on steps ${picture.lasso + 1} to ${last} again and again`;
      const cell = make("td", "", text);
      cell.colSpan = lanes.length + 2;
      rows.push(make("tr", "again", cell));
    }
    const table = make("table", "", make("thead", "", head), make("tbody", "", ...rows));
    get("lanes").replaceChildren(table, make("p", "line label", "● acts   ◀ ● and the master hears of it   ▷ is told by the master   ⚡ fault"));
  };

  /** The frame, and what was another in the frame before. */
  const drawFrame = (index) => {
    const frame = frames[index];
    const before = index > 0 ? frames[index - 1] : undefined;
    drawStep(index, frame);
    drawStages(frame, before);
    drawArrows(frame);
    drawCluster(frame, before);
    drawBadges(frame);
    document.querySelectorAll("#lanes tr.now").forEach((it) => it.classList.remove("now"));
    const row = get(`step-${index}`);
    row.classList.add("now");
    row.setAttribute("aria-current", "step");
  };

  return { drawFrame, drawLanes, drawArrows: (index) => drawArrows(frames[index]) };
};
