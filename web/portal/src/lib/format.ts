// Numbers as people read them. Money stays an integer until here.
import type { Language } from '../api/types';
import type { Messages } from '../messages/shape';

const locale: Record<Language, string> = { vi: 'vi-VN', en: 'en-GB' };
const noBreak = '\u00a0';

/** 12000 → "12.000 ₫" (vi), "12,000 ₫" (en). */
export function money(amount: number, language: Language): string {
  return `${grouped(amount, language)}${noBreak}₫`;
}

function grouped(amount: number, language: Language): string {
  const separator = language === 'vi' ? '.' : ',';
  return String(Math.trunc(amount)).replace(/\B(?=(\d{3})+(?!\d))/g, separator);
}

/** 5400 → "1 giờ 30 phút"; the two largest units that are not zero. Under a minute: seconds. */
export function duration(seconds: number, text: Messages): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return text.units.seconds(whole);
  const days = Math.floor(whole / 86_400);
  const hours = Math.floor((whole % 86_400) / 3_600);
  const minutes = Math.floor((whole % 3_600) / 60);
  const parts = [
    days > 0 ? text.units.days(days) : '',
    hours > 0 ? text.units.hours(hours) : '',
    minutes > 0 ? text.units.minutes(minutes) : '',
  ].filter((part) => part !== '');
  return parts.slice(0, 2).join(' ');
}

/** 10198 → "2:49:58"; 598 → "9:58"; from a day on "2d 03:12" would hide seconds, so hours go past 24. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(whole / 3_600);
  const minutes = Math.floor((whole % 3_600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** 73400320 → "73,4 MB" (vi); decimal units, as packages are sold. */
export function bytes(count: number, language: Language): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = Math.max(0, count);
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  const digits = unit < 2 || value >= 100 ? 0 : 1;
  const rounded = value.toFixed(digits).replace(/\.0$/, '');
  return `${language === 'vi' ? rounded.replace('.', ',') : rounded}${noBreak}${units[unit] ?? ''}`;
}

/** Time of day on this device, "21:45"; with the date when it is not today. */
export function timeOfDay(iso: string, language: Language, now: Date): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return '';
  const sameDay = at.toDateString() === now.toDateString();
  const options: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hour12: false };
  if (!sameDay) Object.assign(options, { day: '2-digit', month: '2-digit' });
  return new Intl.DateTimeFormat(locale[language], options).format(at);
}

/** Date and time on this device in full, "21/09/2026, 21:45". */
export function dateAndTime(iso: string, language: Language): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return '';
  const date = new Intl.DateTimeFormat(locale[language], { day: '2-digit', month: '2-digit', year: 'numeric' });
  return `${date.format(at)}, ${timeOfDay(iso, language, at)}`;
}

/** The date on this device, "21/09/2026". */
export function dateOf(iso: string, language: Language): string {
  return dateAndTime(iso, language).split(',')[0] ?? '';
}
