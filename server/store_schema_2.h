/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The step from version 1 of the database to 2, in parts by what they are about; only
 * store_schema.c includes it. Never changed once released.
 */
#ifndef VIDD_SERVER_STORE_SCHEMA_2_H
#define VIDD_SERVER_STORE_SCHEMA_2_H

#define TEXT_COLUMN " TEXT NOT NULL DEFAULT ''"
#define INT_COLUMN  " INTEGER NOT NULL DEFAULT 0"

#define STEP_2_ORGANISATION                                                                        \
	"CREATE TABLE provider ("                                                                  \
	"  id TEXT PRIMARY KEY,"                                                                   \
	"  name TEXT NOT NULL,"                                                                    \
	"  hsa_id" TEXT_COLUMN ") WITHOUT ROWID;"                                                  \
	"CREATE TABLE unit ("                                                                      \
	"  id TEXT PRIMARY KEY,"                                                                   \
	"  provider_id TEXT NOT NULL REFERENCES provider(id),"                                     \
	"  name TEXT NOT NULL,"                                                                    \
	"  neutral_name" TEXT_COLUMN "," /* in messages to patients */                             \
	"  hsa_id" TEXT_COLUMN ","                                                                 \
	"  municipality" TEXT_COLUMN ","                                                           \
	"  minimum_assurance TEXT NOT NULL DEFAULT 'C',"                                           \
	"  retention_days" INT_COLUMN "," /* 0: as the installation is set */                      \
	"  phone" TEXT_COLUMN ") WITHOUT ROWID;"                                                   \
	"CREATE TABLE staff ("                                                                     \
	"  id TEXT PRIMARY KEY,"                                                                   \
	"  subject TEXT NOT NULL UNIQUE," /* of OpenID Connect, or the local user name */          \
	"  issuer" TEXT_COLUMN ","	  /* '': local */                                          \
	"  name TEXT NOT NULL,"                                                                    \
	"  created_unix_s" INT_COLUMN ","                                                          \
	"  disabled_unix_s" INT_COLUMN ") WITHOUT ROWID;"                                          \
	"CREATE TABLE commission ("                                                                \
	"  id TEXT PRIMARY KEY,"                                                                   \
	"  staff_id TEXT NOT NULL REFERENCES staff(id) ON DELETE CASCADE,"                         \
	"  unit_id TEXT NOT NULL REFERENCES unit(id) ON DELETE CASCADE,"                           \
	"  duty TEXT NOT NULL,"                                                                    \
	"  hsa_id" TEXT_COLUMN ","                                                                 \
	"  name" TEXT_COLUMN ") WITHOUT ROWID;"                                                    \
	"CREATE UNIQUE INDEX commission_by_staff ON commission(staff_id, unit_id, duty);"          \
	"CREATE INDEX commission_by_unit ON commission(unit_id);"                                  \
	"CREATE TABLE place ("                                                                     \
	"  id TEXT PRIMARY KEY,"                                                                   \
	"  unit_id TEXT NOT NULL REFERENCES unit(id) ON DELETE CASCADE,"                           \
	"  name TEXT NOT NULL,"                                                                    \
	"  municipality" TEXT_COLUMN ","                                                           \
	"  is_active INTEGER NOT NULL DEFAULT 1"                                                   \
	") WITHOUT ROWID;"                                                                         \
	"CREATE INDEX place_by_unit ON place(unit_id);"                                            \
	"CREATE TABLE device ("                                                                    \
	"  id TEXT PRIMARY KEY,"                                                                   \
	"  place_id TEXT NOT NULL REFERENCES place(id) ON DELETE CASCADE,"                         \
	"  name TEXT NOT NULL,"                                                                    \
	"  secret_hash BLOB NOT NULL UNIQUE,"                                                      \
	"  enrolled_unix_s" INT_COLUMN ","                                                         \
	"  revoked_unix_s" INT_COLUMN ","                                                          \
	"  seen_unix_s" INT_COLUMN ","                                                             \
	"  help_unix_s" INT_COLUMN "," /* somebody there asks for help since */                    \
	"  self_test" TEXT_COLUMN ","  /* JSON */                                                  \
	"  self_test_unix_s" INT_COLUMN ") WITHOUT ROWID;"                                         \
	"CREATE INDEX device_by_place ON device(place_id);"                                        \
	"CREATE TABLE enrolment ("                                                                 \
	"  code_hash BLOB PRIMARY KEY,"                                                            \
	"  place_id TEXT NOT NULL REFERENCES place(id) ON DELETE CASCADE,"                         \
	"  expires_unix_s INTEGER NOT NULL"                                                        \
	") WITHOUT ROWID;"

/* What was made before has no unit, admits everybody at once and stays usable. */
#define STEP_2_CONSULTATION                                                                        \
	"ALTER TABLE consultation ADD COLUMN provider_id" TEXT_COLUMN ";"                          \
	"ALTER TABLE consultation ADD COLUMN unit_id" TEXT_COLUMN ";"                              \
	"ALTER TABLE consultation ADD COLUMN responsible_staff_id" TEXT_COLUMN ";"                 \
	"ALTER TABLE consultation ADD COLUMN state TEXT NOT NULL DEFAULT 'planned';"               \
	"ALTER TABLE consultation ADD COLUMN planned_unix_s" INT_COLUMN ";"                        \
	"ALTER TABLE consultation ADD COLUMN minutes" INT_COLUMN ";"                               \
	"ALTER TABLE consultation ADD COLUMN has_waiting_room" INT_COLUMN ";"                      \
	"ALTER TABLE consultation ADD COLUMN place_id" TEXT_COLUMN ";"                             \
	"ALTER TABLE consultation ADD COLUMN kind" TEXT_COLUMN ";"                                 \
	"ALTER TABLE consultation ADD COLUMN mode TEXT NOT NULL DEFAULT 'talk';"                   \
	"ALTER TABLE consultation ADD COLUMN patient_ref" TEXT_COLUMN ";" /* opaque */             \
	"ALTER TABLE consultation ADD COLUMN external_ref" TEXT_COLUMN ";"                         \
	"ALTER TABLE consultation ADD COLUMN needs_interpreter" INT_COLUMN ";"                     \
	"ALTER TABLE consultation ADD COLUMN communication_needs" TEXT_COLUMN ";"                  \
	"ALTER TABLE consultation ADD COLUMN outcome" TEXT_COLUMN ";"                              \
	"ALTER TABLE consultation ADD COLUMN outcome_reason" TEXT_COLUMN ";"                       \
	"ALTER TABLE consultation ADD COLUMN started_unix_s" INT_COLUMN ";"                        \
	"ALTER TABLE consultation ADD COLUMN km_saved" INT_COLUMN ";"                              \
	"UPDATE consultation SET state = 'ended' WHERE ended_unix_s <> 0;"                         \
	"CREATE INDEX consultation_by_unit ON consultation(unit_id, planned_unix_s);"              \
	"CREATE INDEX consultation_by_place ON consultation(place_id, planned_unix_s);"            \
	"CREATE INDEX consultation_by_patient ON consultation(patient_ref)"                        \
	"  WHERE patient_ref <> '';"                                                               \
	"CREATE INDEX consultation_by_end ON consultation(ended_unix_s);"                          \
	"CREATE INDEX consultation_by_creation ON consultation(created_unix_s);"

#define STEP_2_VISIT                                                                               \
	"ALTER TABLE participant ADD COLUMN phone" TEXT_COLUMN ";"                                 \
	"ALTER TABLE participant ADD COLUMN email" TEXT_COLUMN ";"                                 \
	"ALTER TABLE participant ADD COLUMN language" TEXT_COLUMN ";"                              \
	"ALTER TABLE participant ADD COLUMN admission TEXT NOT NULL DEFAULT 'waiting';"            \
	"ALTER TABLE participant ADD COLUMN assurance TEXT NOT NULL DEFAULT 'none';"               \
	"ALTER TABLE participant ADD COLUMN vouched_by" TEXT_COLUMN ";"                            \
	"ALTER TABLE participant ADD COLUMN staff_id" TEXT_COLUMN ";"                              \
	"ALTER TABLE participant ADD COLUMN place_id" TEXT_COLUMN ";"                              \
	"ALTER TABLE participant ADD COLUMN removed_unix_s" INT_COLUMN ";"                         \
	"ALTER TABLE participant ADD COLUMN interpreter_number" TEXT_COLUMN ";"                    \
	"ALTER TABLE participant ADD COLUMN person_ref" TEXT_COLUMN ";"                            \
	"ALTER TABLE participant ADD COLUMN chosen_form" TEXT_COLUMN ";"                           \
	"ALTER TABLE participant ADD COLUMN has_answered" INT_COLUMN ";" /* the survey */          \
	"UPDATE participant SET admission = 'admitted';"                                           \
	"CREATE TABLE consent ("                                                                   \
	"  id INTEGER PRIMARY KEY,"                                                                \
	"  consultation_id TEXT NOT NULL REFERENCES consultation(id) ON DELETE CASCADE,"           \
	"  participant_id TEXT NOT NULL,"                                                          \
	"  act TEXT NOT NULL,"                                                                     \
	"  wording TEXT NOT NULL,"                                                                 \
	"  is_given INTEGER NOT NULL,"                                                             \
	"  at_unix_s INTEGER NOT NULL"                                                             \
	");"                                                                                       \
	"CREATE INDEX consent_by_consultation ON consent(consultation_id);"                        \
	"CREATE TABLE link_check ("                                                                \
	"  participant_id TEXT NOT NULL REFERENCES participant(id) ON DELETE CASCADE,"             \
	"  at_unix_s INTEGER NOT NULL,"                                                            \
	"  up_kbps" INT_COLUMN ","                                                                 \
	"  down_kbps" INT_COLUMN ","                                                               \
	"  loss_percent REAL NOT NULL DEFAULT 0,"                                                  \
	"  jitter_ms" INT_COLUMN ","                                                               \
	"  rtt_ms" INT_COLUMN ","                                                                  \
	"  rtt_loaded_ms" INT_COLUMN ","                                                           \
	"  transport" TEXT_COLUMN ","                                                              \
	"  verdicts TEXT NOT NULL DEFAULT '{}'," /* JSON */                                        \
	"  PRIMARY KEY (participant_id, at_unix_s)"                                                \
	") WITHOUT ROWID;" /* Nothing in a survey leads to a person: no participant, the day only. \
			    */                                                                     \
	"CREATE TABLE survey ("                                                                    \
	"  consultation_id TEXT NOT NULL REFERENCES consultation(id) ON DELETE CASCADE,"           \
	"  role TEXT NOT NULL,"                                                                    \
	"  answers TEXT NOT NULL," /* JSON */                                                      \
	"  at_unix_s INTEGER NOT NULL"                                                             \
	");"                                                                                       \
	"CREATE INDEX survey_by_consultation ON survey(consultation_id);"                          \
	"CREATE TABLE visit_quality ("                                                             \
	"  consultation_id TEXT NOT NULL REFERENCES consultation(id) ON DELETE CASCADE,"           \
	"  role TEXT NOT NULL,"                                                                    \
	"  figures TEXT NOT NULL," /* JSON */                                                      \
	"  at_unix_s INTEGER NOT NULL"                                                             \
	");"                                                                                       \
	"CREATE INDEX visit_quality_by_consultation ON visit_quality(consultation_id);"

/* Keys made before keep what they could do: everything, everywhere. */
#define STEP_2_ACCESS                                                                              \
	"CREATE TABLE account ("                                                                   \
	"  staff_id TEXT PRIMARY KEY REFERENCES staff(id) ON DELETE CASCADE,"                      \
	"  password_hash TEXT NOT NULL,"                                                           \
	"  failed" INT_COLUMN ","                                                                  \
	"  locked_until_unix_s" INT_COLUMN ") WITHOUT ROWID;"                                      \
	"CREATE TABLE session ("                                                                   \
	"  hash BLOB PRIMARY KEY,"                                                                 \
	"  staff_id TEXT NOT NULL REFERENCES staff(id) ON DELETE CASCADE,"                         \
	"  commission_id" TEXT_COLUMN "," /* '': not chosen yet */                                 \
	"  csrf TEXT NOT NULL,"                                                                    \
	"  acr" TEXT_COLUMN ","                                                                    \
	"  created_unix_s INTEGER NOT NULL,"                                                       \
	"  seen_unix_s" INT_COLUMN ","                                                             \
	"  expires_unix_s INTEGER NOT NULL,"                                                       \
	"  revoked_unix_s" INT_COLUMN ") WITHOUT ROWID;"                                           \
	"CREATE INDEX session_by_staff ON session(staff_id);"                                      \
	"ALTER TABLE api_key ADD COLUMN id" TEXT_COLUMN ";"                                        \
	"ALTER TABLE api_key ADD COLUMN unit_id" TEXT_COLUMN ";" /* '': all */                     \
	"ALTER TABLE api_key ADD COLUMN scopes" TEXT_COLUMN ";"	 /* words; '*': all */             \
	"ALTER TABLE api_key ADD COLUMN revoked_unix_s" INT_COLUMN ";"                             \
	"ALTER TABLE api_key ADD COLUMN used_unix_s" INT_COLUMN ";"                                \
	"UPDATE api_key SET id = 'k' || lower(hex(randomblob(8))), scopes = '*';"                  \
	"CREATE UNIQUE INDEX api_key_by_id ON api_key(id);" /* The body is sealed with what the    \
							       asker alone has: links are in it.   \
							     */                                    \
	"CREATE TABLE idempotency ("                                                               \
	"  api_key_id TEXT NOT NULL,"                                                              \
	"  key_hash BLOB NOT NULL,"                                                                \
	"  request_hash BLOB NOT NULL,"                                                            \
	"  status INTEGER NOT NULL,"                                                               \
	"  body BLOB NOT NULL,"                                                                    \
	"  at_unix_s INTEGER NOT NULL,"                                                            \
	"  PRIMARY KEY (api_key_id, key_hash)"                                                     \
	") WITHOUT ROWID;"                                                                         \
	"CREATE INDEX idempotency_by_time ON idempotency(at_unix_s);"

#define STEP_2_RECORD                                                                              \
	"CREATE TABLE audit ("                                                                     \
	"  seq INTEGER PRIMARY KEY,"                                                               \
	"  at_ms INTEGER NOT NULL,"                                                                \
	"  patient" TEXT_COLUMN "," /* the record's, for the index */                              \
	"  record TEXT NOT NULL,"   /* canonical JSON */                                           \
	"  hash BLOB NOT NULL"                                                                     \
	");"                                                                                       \
	"CREATE INDEX audit_by_time ON audit(at_ms);"                                              \
	"CREATE INDEX audit_by_patient ON audit(patient) WHERE patient <> '';"                     \
	"CREATE TABLE audit_head ("                                                                \
	"  day TEXT PRIMARY KEY,"                                                                  \
	"  seq INTEGER NOT NULL,"                                                                  \
	"  hash BLOB NOT NULL,"                                                                    \
	"  signature BLOB NOT NULL"                                                                \
	") WITHOUT ROWID;"                                                                         \
	"CREATE TABLE outbox ("                                                                    \
	"  id TEXT PRIMARY KEY,"                                                                   \
	"  consultation_id TEXT NOT NULL REFERENCES consultation(id) ON DELETE CASCADE,"           \
	"  participant_id TEXT NOT NULL,"                                                          \
	"  kind TEXT NOT NULL,"                                                                    \
	"  channel TEXT NOT NULL,"                                                                 \
	"  address TEXT NOT NULL,"                                                                 \
	"  language" TEXT_COLUMN ","                                                               \
	"  state TEXT NOT NULL,"                                                                   \
	"  attempts" INT_COLUMN ","                                                                \
	"  next_unix_s" INT_COLUMN ","                                                             \
	"  sent_unix_s" INT_COLUMN ","                                                             \
	"  receipt" TEXT_COLUMN ","                                                                \
	"  error" TEXT_COLUMN ","                                                                  \
	"  created_unix_s INTEGER NOT NULL"                                                        \
	") WITHOUT ROWID;"                                                                         \
	"CREATE INDEX outbox_by_time ON outbox(state, next_unix_s);"                               \
	"CREATE INDEX outbox_by_consultation ON outbox(consultation_id);"                          \
	"CREATE TABLE webhook ("                                                                   \
	"  id TEXT PRIMARY KEY,"                                                                   \
	"  unit_id" TEXT_COLUMN "," /* '': all */                                                  \
	"  url TEXT NOT NULL,"                                                                     \
	"  secret TEXT NOT NULL,"                                                                  \
	"  events" TEXT_COLUMN ","                                                                 \
	"  disabled_unix_s" INT_COLUMN ") WITHOUT ROWID;"                                          \
	"CREATE INDEX webhook_by_unit ON webhook(unit_id);"                                        \
	"CREATE TABLE webhook_out ("                                                               \
	"  id TEXT PRIMARY KEY,"                                                                   \
	"  webhook_id TEXT NOT NULL REFERENCES webhook(id) ON DELETE CASCADE,"                     \
	"  event TEXT NOT NULL,"                                                                   \
	"  body TEXT NOT NULL,"                                                                    \
	"  state TEXT NOT NULL,"                                                                   \
	"  attempts" INT_COLUMN ","                                                                \
	"  next_unix_s" INT_COLUMN ","                                                             \
	"  created_unix_s INTEGER NOT NULL"                                                        \
	") WITHOUT ROWID;"                                                                         \
	"CREATE INDEX webhook_out_by_time ON webhook_out(state, next_unix_s);"

#endif
