// report.js - the page: what there is, tables, curves, runs.
"use strict";

const report = data("report-data"), curves = data("curves-data");
const axes = report.axes, runs = report.runs;
axes.forEach((a, i) => { a.labels = a.labels.filter((l) => runs.some((r) => r.labels[i] === l)); });
const varying = axes.filter((a) => a.labels.length > 1);
const listeners = []; // called when another choice of runs is made

// ---- which runs are wanted ----

// {axis: label} of the axes that are restricted.
function wantedLabels() {
    const out = {};
    for (const a of varying) {
        const label = chosen.get("axis." + a.name);
        if (label !== null && a.labels.includes(label))
            out[a.name] = label;
    }
    return out;
}

function isWanted(run) {
    const words = (chosen.get("text") || "").toLowerCase().split(/\s+/);
    return axes.every((a, i) => {
        const label = chosen.get("axis." + a.name);
        return label === null || !a.labels.includes(label) || run.labels[i] === label;
    }) && words.every((w) => (run.title + " " + run.folder + " " + run.state + " " + run.failures.join(" ")).toLowerCase().includes(w));
}

function announce() {
    const wanted = wantedLabels();
    for (const f of listeners)
        f(wanted);
}

function chooser() {
    const box = element("form", {class: "chooser", onsubmit: (e) => e.preventDefault()});
    for (const a of varying) {
        const select = element("select", {
            name: a.name,
            onchange: (e) => { chosen.set("axis." + a.name, e.target.value); announce(); },
        }, element("option", {value: ""}, "all"), a.labels.map((l) => element("option", {value: l}, l)));
        select.value = wantedLabels()[a.name] || "";
        box.append(element("label", {}, a.name + " ", select));
    }
    let timer = null;
    const text = element("input", {
        type: "search", name: "text", placeholder: "title, folder, state",
        oninput: (e) => {
            clearTimeout(timer);
            timer = setTimeout(() => { chosen.set("text", e.target.value); announce(); }, 150);
        },
    });
    text.value = chosen.get("text") || "";
    box.append(element("label", {}, "search ", text));
    return box;
}

// ---- head ----

function counts() {
    const of = {};
    for (const r of runs)
        of[r.state] = (of[r.state] || 0) + 1;
    const again = runs.length - once(runs.map((r, i) => ({run: i}))).length;
    return Object.entries(of).map(([state, n]) => n + " " + state).join(", ") +
        (again ? "; " + again + " of them " + (again > 1 ? "are" : "is") + " the same experiment as another: each counts once" : "");
}

// While runs are at work the file is written anew from time to time.
function live() {
    if (!report.live)
        return null;
    const box = element("input", {type: "checkbox", onchange: (e) => chosen.set("still", e.target.checked ? null : "1")});
    box.checked = chosen.get("still") === null;
    setInterval(() => {
        if (box.checked)
            location.reload();
    }, 20000);
    return element("label", {class: "live"}, box, " runs are at work: read again every 20 seconds");
}

// ---- curves ----

// A number, a list or "true" alone does not say what it is of: "lr 0.1".
function valueName(axis, label) {
    return /^[-+.0-9[]|^(true|false)$/.test(label) ? axis.name.split(".").pop() + " " + label : label;
}

// Of the runs of one experiment, such as a point of two sweeps, the first that got furthest, as in tables: the
// others say nothing new.
function once(list) {
    const best = new Map();
    for (const c of list) {
        const r = runs[c.run], other = best.get(r.experiment);
        if (r.experiment !== undefined && (!other || runs[other.run].came < r.came))
            best.set(r.experiment, c);
    }
    return list.filter((c) => runs[c.run].experiment === undefined || best.get(runs[c.run].experiment) === c);
}

// Runs that differ in their seed alone are one group.
function groupsOf(list) {
    const of = new Map();
    for (const c of list) {
        const r = runs[c.run];
        const name = varying.filter((a) => a.name !== "seed" && r.labels[axes.indexOf(a)])
            .map((a) => valueName(a, r.labels[axes.indexOf(a)])).join(", ") ||
            (varying.length ? "all seeds" : r.title);
        if (!of.has(name))
            of.set(name, []);
        of.get(name).push(c);
    }
    for (const [name, own] of of)
        of.set(name, once(own));
    return of;
}

// "3", "3 failed", "1 of 3 failed": the curve of a run that failed ends before the others.
function howMany(list) {
    const n = list.length, failed = list.filter((c) => runs[c.run].state === "failed").length;
    return (failed && failed < n ? failed + " of " : "") + n + (failed ? " failed" : "");
}

function optimumWords(optima) {
    const values = [...new Set(optima.map((o) => number(o.value)))], own = optima.some((o) => o.colour !== optimumColour);
    return !optima.length ? null : element("span", {class: own ? null : "optimum"}, " dashed: optimum " + (own ? "of each line, in its colour: " : "") +
        values.join(", "));
}

function chart(series, groups) {
    const s = curves.series[series];
    const there = groups.map((g) => [g, meanOf(g.curves, series, curves.grids)]).filter((p) => p[1]);
    const marks = s.kind === "metric" ? marksOf(s.name, there.map((p) => p[0])) : {sign: [], notes: []};
    const shown = there.map(([g, mean], i) => {
        const swatch = marks.sign[i] ? () => element("span", {}, g.swatch(), marks.sign[i]) : g.swatch;
        return {...mean, colour: g.colour, swatch};
    });
    if (!shown.length)
        return null;
    const optima = optimaOf(there.map((p) => p[0]), series);
    const box = element("div", {class: "plot"});
    const figure = element("figure", {}, element("figcaption", {}, element("b", {}, s.name),
        optimumWords(optima)), box,
    element("div", {class: "values"}),
    marks.notes.map(([sign, text, of]) => element("div", {class: "mark"}, of.map((g) => [g.swatch(), sign, " "]), text)));
    return {figure, draw: () => draw(box, shown, optima)};
}

const kinds = [["metric", "Metrics on the way"], ["loss", "Loss"], ["term", "Terms of the loss, unweighted"], ["sentinel", "Sentinels", "Spread near 0: representation collapse. Balance near 0: cluster collapse; it is of probabilities, so near 1 as well where no record is decided (unsure near 1 - 1/K). Disagreement more than 0.1 above unsure: label inconsistency."],
    ["schedule", "Schedules"], ["watch", "Watched"]];

function curvesSection() {
    // A run that failed before it logged anything is of its group, too.
    const logged = new Set(curves.runs.map((c) => c.run));
    const list = curves.runs.concat(runs.map((r, run) => ({run, values: {}})).filter((c) => runs[c.run].state === "failed" && !logged.has(c.run)));
    const most = colours.length, names = [...groupsOf(list).keys()];
    const section = element("section", {id: "curves"}, element("h2", {}, "Curves")), body = element("div");
    section.append(element("p", {class: "note"}, "Line: mean over seeds; band: one sample standard deviation. " +
        (report.charts ? "Drag to zoom, double click to zoom out." : "")), body);
    // What is not in sight is not drawn yet.
    const seen = new IntersectionObserver((entries) => entries.forEach((e) => {
        if (e.isIntersecting && e.target.pending) {
            const pending = e.target.pending;
            e.target.pending = null;
            seen.unobserve(e.target);
            if (e.target.isConnected) // another choice may have replaced it
                pending();
        }
    }), {rootMargin: "400px"});
    const show = () => {
        const all = [...groupsOf(list.filter((c) => isWanted(runs[c.run])))];
        // A group keeps its colour whatever is chosen, where there are colours for all.
        const groups = all.slice(0, most).map(([name, list], i) => {
            const colour = colours[names.length <= most ? names.indexOf(name) : i];
            return {
                name, curves: list, colour,
                swatch: () => { const e = element("span", {class: "swatch"}); e.style.backgroundColor = colour; return e; },
            };
        });
        body.replaceChildren(element("p", {class: "legend"}, groups.map((g) =>
            element("span", {}, g.swatch(), " " + g.name + " (" + howMany(g.curves) + ")"))));
        if (all.length > most)
            body.append(element("p", {class: "note"}, "The first " + most + " of " + all.length + " groups; choose fewer above."));
        for (const [kind, title, note] of kinds) {
            const grid = element("div", {class: "charts"});
            curves.series.forEach((s, i) => {
                const c = s.kind === kind ? chart(i, groups) : null;
                if (c) {
                    c.figure.pending = c.draw;
                    grid.append(c.figure);
                    seen.observe(c.figure);
                }
            });
            if (grid.children.length)
                body.append(element("h3", {}, title), note ? element("p", {class: "note"}, note) : "", grid);
        }
        if (!groups.length)
            body.append(element("p", {class: "note"}, "None of these runs has logged anything."));
    };
    listeners.push(show);
    show();
    return section;
}

// ---- figures ----

function picture(f, title) {
    const caption = element("figcaption", {}, title);
    if (f.number === undefined)
        return element("figure", {class: "picture"}, element("a", {href: address(f.path)}, f.path), caption);
    const image = element("img", {alt: title, src: "data:image/png;base64," + data("picture" + f.number)});
    return element("figure", {class: "picture"}, image, caption);
}

// Pictures are made when they are opened.
function pictures(summary, list, open) {
    const details = element("details", {}, element("summary", {}, summary)), grid = element("div", {class: "pictures"});
    const fill = () => {
        if (!grid.children.length)
            grid.append(...list.map(([f, title]) => picture(f, title)));
    };
    details.append(grid);
    details.addEventListener("toggle", fill);
    if (open) {
        details.open = true;
        fill();
    }
    return details;
}

function figuresSection() {
    const section = element("section", {id: "figures"}, element("h2", {}, "Figures")), body = element("div");
    if (report.figures.length)
        section.append(pictures("of the sweep", report.figures.map((f) => [f, f.name]), true));
    section.append(body);
    const show = () => {
        const by = new Map();
        for (const r of runs.filter(isWanted))
            for (const f of r.figures || []) {
                if (!by.has(f.name))
                    by.set(f.name, []);
                by.get(f.name).push([f, r.title]);
            }
        body.replaceChildren(...[...by].map(([name, list]) => pictures(name + " (" + list.length + ")", list, runs.length === 1)));
        section.hidden = !by.size && !report.figures.length;
    };
    listeners.push(show);
    show();
    return section;
}

// ---- runs ----

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

// ---- the whole ----

function page() {
    document.title = report.places.join(", ") + " - gedi report";
    const tables = report.tables.map(namedTable);
    listeners.push((wanted) => tables.forEach((t) => t.filter(wanted)));
    const main = element("main", {}, element("header", {}, element("h1", {}, report.places.join(", ")),
        element("p", {}, runs.length + (runs.length === 1 ? " run: " : " runs: ") + counts()), live()));
    if (runs.length > 1)
        main.append(chooser());
    if (tables.length)
        main.append(element("section", {id: "tables"}, element("h2", {}, "Tables"), tables.map((t) => t.node)));
    main.append(runsSection(), curvesSection(), figuresSection());
    if (runs.length > 1)
        main.append(differencesSection());
    main.append(element("footer", {}, "Written by gedi " + report.gedi + " (" + report.commit + ")" +
        (report.charts ? ", charts by " + report.charts : "")));
    document.body.append(main);
    announce();
}

page();
