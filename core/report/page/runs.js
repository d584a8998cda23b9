// runs.js - every run with its numbers, its descriptor and its state; what differs between them.
"use strict";

function shortName(path) {
    return path.replace(/^evaluation\./, "");
}

// Metrics that can be better or worse at first; all others can be chosen.
function defaultPaths() {
    const named = report.tables.flatMap((t) => (t.columns || []).map((c) => c.path));
    const judged = report.paths.map((p, i) => [p, i]).filter(([p]) => p.better !== "neither");
    const first = judged.filter(([p]) => named.includes(p.path));
    return (first.length ? first : judged).slice(0, 6).map(([p, i]) => i);
}

function details(r) {
    const out = element("div", {class: "run"});
    out.append(element("p", {}, element("b", {}, "folder "), r.folder));
    if (r.reason)
        out.append(element("p", {class: "failed"}, r.reason));
    if (r.missing)
        out.append(element("p", {class: "failed"}, "numbers are missing: " + r.missing));
    if (r.undrawn)
        out.append(element("p", {class: "failed"}, "figures are missing: " + r.undrawn));
    if (r.log)
        out.append(element("p", {class: "failed"}, "no curves: " + r.log));
    const versions = [["gedi", r.gedi], ["commit", r.commit]].concat(Object.entries(r.components || {})
        .filter(([, v]) => typeof v === "string"), Object.entries(r.host || {}), Object.entries(r.time || {}));
    out.append(element("dl", {}, versions.filter(([, v]) => v !== undefined && v !== null)
        .map(([k, v]) => [element("dt", {}, k.replace(/_/g, " ")), element("dd", {}, typeof v === "number" ? number(v) : String(v))])));
    const values = report.paths.map((p, i) => [p, r.values[i]]).filter(([, v]) => v !== null);
    if (values.length)
        out.append(element("details", {}, element("summary", {}, "all numbers (" + values.length + ")"), element("table", {}, values.map(([p, v]) =>
            element("tr", {}, element("th", {title: p.definition, scope: "row"}, p.path), element("td", {}, number(v)))))));
    if (r.descriptor)
        out.append(element("p", {}, element("b", {}, "descriptor"), ", with what is no default marked"),
            element("pre", {}, r.descriptor.map((l, i) => [element("span", {class: (r.changed || []).includes(i + 1) ? "changed" : null}, l), "\n"])));
    if (r.figures && r.figures.length)
        out.append(pictures("figures (" + r.figures.length + ")", r.figures.map((f) => [f, f.name]), false));
    return out;
}

// As tables do: numbers made otherwise than those of most runs have a sign; `notes`: what each means, for all columns.
function marksOfRuns(paths) {
    const notes = [], sign = new Map(), evaluated = "evaluation.";
    for (const i of paths) {
        const groups = new Map(); // of runs whose number is made in the same way
        runs.forEach((r, k) => {
            const own = r.values[i] === null ? "" : (r.made || {})[i] || "usual";
            groups.set(own, groups.get(own) || {curves: []}).get(own).curves.push({run: k});
        });
        const path = report.paths[i].path, each = [...groups.values()];
        const own = path.startsWith(evaluated) ? marksOf(path.slice(evaluated.length), each) : {sign: [], notes: []};
        const place = own.notes.map(([, text]) => (notes.includes(text) ? notes.indexOf(text) : notes.push(text) - 1));
        own.sign.forEach((s, k) => each[k].curves.forEach((c) =>
            sign.set(i + " " + c.run, s ? signs[place[own.notes.findIndex((n) => n[0] === s)]] || "*" : "")));
    }
    return {sign: (i, r) => sign.get(i + " " + runs.indexOf(r)) || "", notes: notes};
}

function stateWords(r) {
    return r.state + (!r.iteration ? "" : r.state === "stopped" ? " at iteration " + r.iteration : " (iteration " + r.iteration + ")");
}

function runRow(r, paths, marks, open) {
    const lacks = [r.missing && "evaluated", r.undrawn && "drawn"].filter((w) => w).join(" or ");
    return {
        run: r,
        signs: paths.map((i) => marks.sign(i, r)),
        class: r.state === "failed" ? "failed" : null,
        cells: [{node: element("button", {class: "open", onclick: () => open(r)}, r.title), value: r.title},
            {
                text: stateWords(r) + (lacks ? ", not all " + lacks : ""),
                value: r.state, title: r.reason || r.missing || r.undrawn, class: lacks ? "failing" : null,
            },
            ...varying.map((a) => ({text: r.labels[axes.indexOf(a)], value: r.labels[axes.indexOf(a)]})),
            ...paths.map((i) => ({text: number(r.values[i]) + marks.sign(i, r), value: r.values[i]})),
            {text: r.failures.join(", "), value: r.failures.join(", "), class: r.failures.length ? "failing" : null}],
    };
}

function runsSection() {
    const section = element("section", {id: "runs"}, element("h2", {}, "Runs")), body = element("div");
    const panel = element("div", {id: "run"});
    const open = (r) => {
        panel.replaceChildren(element("h3", {}, r.title, " ", element("button", {onclick: () => panel.replaceChildren()}, "close")), details(r));
        panel.scrollIntoView({block: "nearest"});
    };
    const paths = chosen.get("columns") ? chosen.get("columns").split(" ").map(Number).filter((i) => i < report.paths.length) : defaultPaths();
    let rows = [], made = null, notes = []; // [sign, its note]
    const filter = () => {
        for (const row of rows)
            row.hidden = !isWanted(row.run);
        for (const [sign, note] of notes)
            note.hidden = !rows.some((row) => !row.hidden && row.signs.includes(sign));
        made.show();
    };
    const build = () => {
        const columns = [{label: "run"}, {label: "state"}, ...varying.map((a) => ({label: a.name})),
            ...paths.map((i) => ({label: shortName(report.paths[i].path), title: report.paths[i].definition, better: report.paths[i].better})),
            {label: "failures at the end"}];
        const marks = marksOfRuns(paths);
        rows = runs.map((r) => runRow(r, paths, marks, open));
        made = sortable("runs", columns, rows, 200);
        notes = marks.notes.map((text, k) => [signs[k] || "*", element("p", {class: "note"}, (signs[k] || "*") + " " + text)]);
        body.replaceChildren(made.node, ...notes.map(([, note]) => note));
        filter();
    };
    const choice = element("details", {}, element("summary", {}, "columns"));
    choice.addEventListener("toggle", () => {
        if (choice.children.length > 1)
            return;
        choice.append(element("div", {class: "choice"}, report.paths.map((p, i) => {
            const box = element("input", {
                type: "checkbox",
                onchange: (e) => {
                    if (e.target.checked)
                        paths.push(i);
                    else
                        paths.splice(paths.indexOf(i), 1);
                    chosen.set("columns", paths.join(" "));
                    build();
                },
            });
            box.checked = paths.includes(i);
            return element("label", {title: p.definition}, box, " " + shortName(p.path));
        })));
    });
    section.append(choice, body, panel);
    build();
    if (runs.length === 1)
        panel.replaceChildren(details(runs[0]));
    listeners.push(filter);
    return section;
}

// ---- what differs ----

function differencesSection() {
    const keys = [...new Set(runs.flatMap((r) => Object.keys(r.differs)))];
    const section = element("section", {id: "differences"}, element("h2", {}, "What differs between the runs"));
    section.append(element("p", {class: "note"}, "Of all that training depends on. default: the run states no other value; not used: it has nothing with this setting."));
    const counted = once(runs.map((r, run) => ({run}))).map((c) => runs[c.run]);
    const rows = keys.map((key) => {
        const of = new Map();
        for (const r of counted.filter((one) => one.gedi)) {
            const own = r.differs[key], value = own === null ? "default" : own === false || own === undefined ? "not used" : own;
            of.set(value, (of.get(value) || 0) + 1);
        }
        const most = 12, all = [...of];
        return {cells: [{text: key, value: key}, {
            node: element("span", {}, all.slice(0, most).map(([v, n]) => element("span", {class: "value"}, v + " × " + n)),
                all.length > most ? " and " + (all.length - most) + " more" : null),
            value: all.length,
        }]};
    });
    section.append(keys.length ? sortable("differences", [{label: "setting"}, {label: "value × runs"}], rows).node
        : element("p", {}, "Nothing: all finished runs have the same settings."));
    const versions = new Map();
    for (const r of runs.filter((one) => one.gedi)) {
        const text = ["gedi " + r.gedi, r.commit, r.host && r.host.processor, r.host && r.host.blas_kernel].filter((v) => v).join(", ");
        versions.set(text, (versions.get(text) || 0) + 1);
    }
    section.append(element("h3", {}, "Versions and machines"), element("ul", {}, [...versions].map(([v, n]) => element("li", {}, v + " × " + n))));
    return section;
}
