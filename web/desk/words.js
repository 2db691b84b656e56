// Times and small phrases of the desk page.

export const OUTCOMES = { likely: "很可能符合", unlikely: "目前看不符合", unknown: "还不能判断", choice: "很可能符合，要选一项", depends_on_district: "看所在区县" };
export const TRUTHS = { true: "成立", false: "不成立", unknown: "不知道" };

/** `3 分 20 秒`, `2 小时 5 分`. */
export function lasting(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds} 秒`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} 分 ${seconds % 60} 秒`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} 小时 ${minutes % 60} 分` : `${Math.floor(hours / 24)} 天`;
}

const CLOCK = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hour12: false });
const DAY = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", month: "numeric", day: "numeric" });
const ISO_DAY = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" });

/** `14:05`, or `11月20日 14:05` for another day. */
export function clock(iso) {
  if (!iso) return "";
  const time = new Date(iso);
  const today = ISO_DAY.format(time) === ISO_DAY.format(new Date());
  return today ? CLOCK.format(time) : `${DAY.format(time)} ${CLOCK.format(time)}`;
}

/** `2026-11-24`, some days from now, in Hangzhou. */
export function dayFromNow(days) {
  return ISO_DAY.format(new Date(Date.now() + days * 86400000));
}

/** Who has a ticket. */
export function holder(ticket) {
  if (ticket.status === "closed") return `已结案 · ${ticket.outcome ?? ""}`;
  if (ticket.status === "waiting") return "等待认领";
  return ticket.mine ? "我在办" : `${ticket.owner ?? "同事"}在办`;
}
