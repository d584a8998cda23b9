// report.js - the page: what there is, which runs are wanted, curves, figures.
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
