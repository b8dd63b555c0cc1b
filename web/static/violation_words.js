// What a violation says beside its name and times, in one line of words, by its kind.
import { figure, moment, toChart } from "./charts.js";
import { number, t } from "./words.js";

const two = (value) => String(value).padStart(2, "0");
const hours = (s) => `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}`;
const fields = (row) => (row.fields ?? []).map((field) => t(`message_field.${field}`)).join(", ");
const wheel = (row, plate) => {
  const others = (row.vehicles ?? []).filter((other) => other !== plate);
  return [t("violations.at_the_wheel", { span: hours(row.driving_s) }), others.length ? t("violations.also", { plates: others.join(", ") }) : ""].filter(Boolean).join(" · ");
};

const SAYS = {
  continuous_driving: wheel,
  daily_driving: wheel,
  weekly_driving: wheel,
  no_transmission: (row) => t("violations.moved", { metres: number(Math.round(row.distance_m)) }),
  frequency: (row) => t("violations.interval", { interval: figure(row.interval_s), allowed: figure(row.allowed_s) }),
  missing_field: (row) => t("violations.lacking", { fields: fields(row), count: number(row.messages) }),
  order: (row) => (row.received ? t("violations.behind", { received: moment(toChart(row.received)), newest: moment(toChart(row.newest)) }) : ""),
};

export const about = (row, plate) => SAYS[row.kind]?.(row, plate) ?? "";
