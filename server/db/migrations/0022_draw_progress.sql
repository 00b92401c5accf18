-- How far the search for a draw's lottery is, for whoever waits for it. Written
-- once a second by the server that searches; an old row says that it died.

CREATE TABLE visits.draw_progress (
  visit_id bigint PRIMARY KEY REFERENCES visits.visit ON DELETE CASCADE,
  step text NOT NULL,
  done_percent int NOT NULL,
  panels int NOT NULL,
  time_percent int NOT NULL,
  start_time timestamptz NOT NULL,
  update_time timestamptz NOT NULL DEFAULT now()
);
