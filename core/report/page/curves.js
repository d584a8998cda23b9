// curves.js - means and bands of many runs, and the chart of them: by dygraphs where gedi was built with
// it, else plain.
"use strict";

// The value of a curve at x, between its neighbours; null outside, and beside a gap.
function valueAt(grid, values, x) {
    let low = 0, high = grid.length - 1;
    if (x < grid[0] || x > grid[high])
        return null;
    while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (grid[middle] <= x)
            low = middle;
        else
            high = middle;
    }
    if (x === grid[low])
        return values[low];
    if (x === grid[high])
        return values[high];
    if (values[low] === null || values[high] === null)
        return null;
    return values[low] + (values[high] - values[low]) * (x - grid[low]) / (grid[high] - grid[low]);
}

// Mean and sample standard deviation over runs, on the grid of the longest.
function meanOf(curves, series, grids) {
    const own = curves.filter((c) => c.values[series]);
    if (!own.length)
        return null;
    const last = (c) => grids[c.grid][grids[c.grid].length - 1];
    const longest = own.reduce((a, b) => (last(b) > last(a) ? b : a));
    const sparse = own.some((c) => c.values[series].some((v) => v === null));
    const points = [];
    for (const x of grids[longest.grid]) {
        const found = own.map((c) => valueAt(grids[c.grid], c.values[series], x)).filter((v) => v !== null);
        if (!found.length) {
            points.push([x, null, null]);
            continue;
        }
        const mean = found.reduce((a, b) => a + b, 0) / found.length;
        const squares = found.reduce((a, b) => a + (b - mean) * (b - mean), 0);
        points.push([x, mean, found.length > 1 ? Math.sqrt(squares / (found.length - 1)) : 0]);
    }
    return {points: sparse ? points.filter((p) => p[1] !== null) : points, runs: own.length};
}

const optimumColour = "#c04000";

// The optima of a series that the curves of these groups have: one for all where it is the same, else each with the
// colour of its group, as of "prior" with more and fewer clusters.
function optimaOf(groups, series) {
    const of = groups.map((g) => [...new Set(g.curves.filter((c) => c.values[series]).map((c) => (c.optima || {})[series]))]);
    const all = [...new Set(of.flat())];
    if (all.length === 1)
        return all[0] === undefined ? [] : [{value: all[0], colour: optimumColour}];
    return of.flatMap((values, i) => values.filter((v) => v !== undefined).map((value) => ({value, colour: groups[i].colour})));
}

// All groups over the iterations that any of them has; null where one has none.
function joined(groups) {
    const rows = new Map();
    groups.forEach((g, i) => g.points.forEach(([x, mean, sd]) => {
        if (!rows.has(x))
            rows.set(x, [x, ...groups.map(() => [null, null])]);
        rows.get(x)[i + 1] = [mean, sd];
    }));
    return [...rows.values()].sort((a, b) => a[0] - b[0]);
}

const signs = ["ᵃ", "ᵇ", "ᶜ", "ᵈ", "ᵉ", "ᶠ", "ᵍ", "ʰ"];

// The clauses of how a number is made; a curve has it at each iteration.
function clausesOf(definition) {
    return definition.split("; ").filter((c) => !c.startsWith("at iteration "));
}

// How a metric on the way is made in most runs of a group, as at their end; "" where no run tells.
function madeIn(group, path) {
    const of = new Map();
    for (const c of group.curves) {
        const own = runs[c.run].values[path] === null ? "" : (runs[c.run].made || {})[path] || report.paths[path].definition || "";
        of.set(own, (of.get(own) || 0) + (own ? 1 : 0));
    }
    return clausesOf([...of].reduce((a, b) => (b[1] > a[1] ? b : a))[0]).join("; ");
}

// As tables do: groups whose numbers are made otherwise than most have a sign, and a line says what it means.
function marksOf(name, groups) {
    const path = report.paths.findIndex((p) => p.path === "evaluation." + name), made = path < 0 ? [] : groups.map((g) => madeIn(g, path));
    const runsOf = (m) => groups.reduce((n, g, i) => n + (made[i] === m ? g.curves.length : 0), 0);
    const usual = made.filter((m) => m).reduce((a, b) => (runsOf(b) > runsOf(a) ? b : a), made.find((m) => m) || "");
    const apart = (a, b) => clausesOf(a).filter((c) => !clausesOf(b).includes(c)).join("; ") || a;
    const notes = [...new Set(made.filter((m) => m && m !== usual))].slice(0, signs.length);
    return {
        sign: groups.map((g, i) => signs[notes.indexOf(made[i])] || ""),
        notes: notes.map((m, i) => [signs[i], apart(m, usual) + "; elsewhere " + apart(usual, m), groups.filter((g, k) => made[k] === m)]),
    };
}

// Its legend writes markup, and styles into it, which the page's policy forbids; ours is text.
if (window.Dygraph)
    Dygraph.PLUGINS = Dygraph.PLUGINS.filter((p) => p !== Dygraph.Plugins.Legend);

function drawDygraph(box, groups, optima) {
    const rows = joined(groups);
    const ends = groups.flatMap((g) => g.points.filter((p) => p[1] !== null).flatMap((p) => [p[1] - p[2], p[1] + p[2]]));
    ends.push(...optima.map((o) => o.value));
    const low = Math.min(...ends), high = Math.max(...ends), room = 0.05 * (high - low) || 0.5 * Math.abs(high) || 1;
    return new Dygraph(box, rows, {
        labels: ["iteration", ...groups.map((g, i) => String(i))],
        colors: groups.map((g) => g.colour),
        errorBars: true,
        sigma: 1,
        fillAlpha: 0.18,
        strokeWidth: 1.6,
        drawPoints: rows.length < 30,
        pointSize: 2.5,
        connectSeparatedPoints: true,
        legend: "never",
        valueRange: [low - room, high + room],
        axisLabelFontSize: 12,
        axes: {x: {pixelsPerLabel: 55}, y: {pixelsPerLabel: 30}},
        gridLineColor: "#ddd",
        axisLineColor: "#888",
        underlayCallback(canvas, area, g) {
            canvas.save();
            canvas.setLineDash([6, 5]);
            for (const o of optima) {
                const y = g.toDomYCoord(o.value);
                canvas.strokeStyle = o.colour;
                canvas.beginPath();
                canvas.moveTo(area.x, y);
                canvas.lineTo(area.x + area.w, y);
                canvas.stroke();
            }
            canvas.restore();
        },
        highlightCallback(event, x, points) {
            showValues(box, groups, x, points.map((p) => [Number(p.name), p.yval]));
        },
        unhighlightCallback() {
            showValues(box, groups, null, []);
        },
    });
}

// What lies under the pointer, below the chart.
function showValues(box, groups, x, values) {
    const line = box.parentNode.querySelector(".values");
    line.replaceChildren();
    if (x === null)
        return;
    line.append(element("span", {}, "iteration " + number(x)));
    for (const [i, y] of values)
        line.append(" ", groups[i].swatch(), " " + number(y));
}

function svg(name, attributes, ...children) {
    const e = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes))
        e.setAttribute(key, value);
    e.append(...children);
    return e;
}

// A chart that stands still: lines, bands, the ends of the axes in words.
function drawPlain(box, groups, optima) {
    const W = 340, H = 200, L = 52, R = 6, T = 8, B = 20;
    const all = groups.flatMap((g) => g.points.filter((p) => p[1] !== null));
    if (!all.length)
        return;
    const xs = all.map((p) => p[0]), ys = all.flatMap((p) => [p[1] - p[2], p[1] + p[2]]);
    ys.push(...optima.map((o) => o.value));
    const bound = (v) => [v.reduce((a, b) => Math.min(a, b)), v.reduce((a, b) => Math.max(a, b))];
    const [x0, x1] = bound(xs);
    let [y0, y1] = bound(ys);
    const room = 0.05 * (y1 - y0) || 0.5 * Math.abs(y1) || 1;
    y0 -= room;
    y1 += room;
    const at = (x, y) => (L + (W - L - R) * (x - x0) / (x1 - x0 || 1)).toFixed(1) + "," +
        (H - B - (H - T - B) * (y - y0) / (y1 - y0)).toFixed(1);
    const chart = svg("svg", {viewBox: "0 0 " + W + " " + H, class: "plain"});
    const word = (x, y, anchor, text) => svg("text", {x, y, "text-anchor": anchor}, text);
    chart.append(svg("path", {d: "M" + L + "," + T + "V" + (H - B) + "H" + (W - R), class: "axis"}),
        word(L - 5, T + 9, "end", number(y1)), word(L - 5, H - B, "end", number(y0)),
        word(L, H - 4, "start", number(x0)), word(W - R, H - 4, "end", number(x1)));
    for (const g of groups) {
        const p = g.points.filter((q) => q[1] !== null);
        if (!p.length)
            continue;
        const up = p.map((q) => at(q[0], q[1] + q[2])), down = p.map((q) => at(q[0], q[1] - q[2])).reverse();
        chart.append(svg("polygon", {points: [...up, ...down].join(" "), fill: g.colour, class: "band"}),
            svg("polyline", {points: p.map((q) => at(q[0], q[1])).join(" "), stroke: g.colour, class: "line"}));
    }
    for (const o of optima)
        chart.append(svg("path", {d: "M" + at(x0, o.value) + "L" + at(x1, o.value), stroke: o.colour, class: "optimum"}));
    box.append(chart);
}

function draw(box, groups, optima) {
    if (window.Dygraph && joined(groups).length > 1)
        drawDygraph(box, groups, optima);
    else
        drawPlain(box, groups, optima);
}
