/* gedi.h - everything a plugin may use. */
#ifndef GEDI_H
#define GEDI_H

#include "gedi/data.h"
#include "gedi/error.h"
#include "gedi/graph.h"
#include "gedi/loss.h"
#include "gedi/kmeans.h"
#include "gedi/metric.h"
#include "gedi/nn.h"
#include "gedi/option.h"
#include "gedi/plugin.h"
#include "gedi/probe.h"
#include "gedi/program.h"
#include "gedi/rng.h"
#include "gedi/schedule.h"
#include "gedi/tensor.h"

#endif
