/* keys_text.h - the long texts of the reference, apart from the table that names them. */
#ifndef GEDI_DESCRIPTOR_KEYS_TEXT_H
#define GEDI_DESCRIPTOR_KEYS_TEXT_H

extern const char gedi__evaluate_sample[], gedi__evaluate_rules[];
extern const char gedi__groups_sample[], gedi__groups_rules[], gedi__train_rules[];
extern const char gedi__history_sample[], gedi__history_rules[];
extern const char gedi__init_sample[], gedi__init_rules[];
extern const char gedi__objective_sample[], gedi__objective_rules[];
extern const char gedi__stages_sample[], gedi__stages_rules[];
extern const char gedi__schedule_sample[], gedi__schedule_rules[];
extern const char gedi__sweep_sample[], gedi__sweep_rules[];
extern const char gedi__figures_sample[], gedi__figures_rules[];
extern const char gedi__validation_rules[];
extern const char gedi__table_sample[], gedi__grid_sample[], gedi__heatmap_sample[],
    gedi__curves_sample[];

#endif
