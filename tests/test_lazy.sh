#!/bin/sh
# test_lazy.sh - images that stay in their files: said before training, and the same training.
. "${srcdir:-.}/tests/testing.sh"

cd "$work" || exit 1
for class in one two; do
    mkdir -p "images/$class"
    for i in 1 2 3 4 5 6 7 8; do
        cp "$top_srcdir/tests/fixture/pictures/orientation$i.jpg" "images/$class/$i.jpg"
    done
done
cp "$top_srcdir/tests/fixture/pictures/fit.png" images/two/9.png
cat >images.yaml <<'END'
seed: 4
dataset:   {image_folder: {path: images, size: 6}}
views:     [[resized_crop: {}, solarize: {}]]
model:     {mlp: {hidden: [8], output: 4}}
objective: {supervised: {clusters: 2, prototypes: free}}
optimizer: {adam: {}}
train:     {iterations: 30, batch: 5, log_every: 1}
END
if "$gedi" info | grep -q '^JPEG  *none'; then
    expect 2 "JPEG images without libjpeg" "$gedi" check images.yaml
    says out "install libjpeg62-turbo-dev and build again, or convert it to PNG"
    finish
    exit
fi
expect 0 "images in memory" "$gedi" check images.yaml
silent err
expect 0 "images in their files" "$gedi" check images.yaml dataset.image_folder.keep=files
says err "warning: dataset image_folder: 17 images of 6 x 6 (width x height), 0.00184 MB, stay in their files"
expect 0 "training from memory" "$gedi" run images.yaml -q --out memory
expect 0 "training from files" "$gedi" run images.yaml dataset.image_folder.keep=files --out files
says err "stay in their files"
holds "both are the same, iteration by iteration" cmp memory/metrics.jsonl files/metrics.jsonl

# An image that is of other bytes, as after a damaged one was replaced; and one with another name.
rm files/summary.json
cp images/one/1.jpg images/one/8.jpg
printf 'more behind its end' >>images/one/8.jpg
expect 0 "another size" "$gedi" resume files
says err "files: the data are not those that the run began with: some of their files have other sizes"
rm files/summary.json
mv images/one/8.jpg images/one/80.jpg
expect 2 "another name" "$gedi" resume files
says err "13 + 4 records of 6x6x3, 2 classes as then, but in files of other names"
finish
