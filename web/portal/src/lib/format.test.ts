import { describe, expect, it } from 'vitest';
import { en } from '../messages/en';
import { vi } from '../messages/vi';
import { bytes, clock, dateAndTime, dateOf, duration, money, timeOfDay } from './format';

describe('money', () => {
  it('groups by thousands as the language does', () => {
    expect(money(0, 'vi')).toBe('0\u00a0₫');
    expect(money(12_000, 'vi')).toBe('12.000\u00a0₫');
    expect(money(1_000_000, 'en')).toBe('1,000,000\u00a0₫');
  });
});

describe('duration', () => {
  it('names the two largest units', () => {
    expect(duration(45, vi)).toBe('45 giây');
    expect(duration(900, vi)).toBe('15 phút');
    expect(duration(5_400, vi)).toBe('1 giờ 30 phút');
    expect(duration(3_600, en)).toBe('1 hour');
    expect(duration(2_592_000, en)).toBe('30 days');
    expect(duration(86_400 + 3_600 + 60, en)).toBe('1 day 1 hour');
  });
});

describe('clock', () => {
  it('counts in hours, minutes and seconds and never goes below zero', () => {
    expect(clock(10_198)).toBe('2:49:58');
    expect(clock(598)).toBe('9:58');
    expect(clock(5)).toBe('0:05');
    expect(clock(-3)).toBe('0:00');
    expect(clock(90_000)).toBe('25:00:00');
  });
});

describe('bytes', () => {
  it('uses decimal units and the decimal mark of the language', () => {
    expect(bytes(0, 'vi')).toBe('0\u00a0B');
    expect(bytes(73_400_320, 'vi')).toBe('73,4\u00a0MB');
    expect(bytes(2_000_000_000, 'en')).toBe('2\u00a0GB');
    expect(bytes(999_950, 'en')).toBe('1\u00a0MB');
    expect(bytes(512_000_000, 'en')).toBe('512\u00a0MB');
  });
});

describe('timeOfDay', () => {
  it('gives the date only on another day, and nothing for nonsense', () => {
    const now = new Date(2026, 8, 21, 20, 0);
    expect(timeOfDay(new Date(2026, 8, 21, 21, 45).toISOString(), 'vi', now)).toBe('21:45');
    expect(timeOfDay(new Date(2026, 8, 22, 1, 5).toISOString(), 'en', now)).toMatch(/22\/09.*01:05/);
    expect(timeOfDay('soon', 'en', now)).toBe('');
  });
});

describe('dateAndTime', () => {
  it('gives the whole date, and nothing for nonsense', () => {
    const at = new Date(2026, 8, 1, 21, 45).toISOString();
    expect(dateAndTime(at, 'vi')).toBe('01/09/2026, 21:45');
    expect(dateAndTime(at, 'en')).toBe('01/09/2026, 21:45');
    expect(dateOf(at, 'en')).toBe('01/09/2026');
    expect(dateAndTime('soon', 'vi')).toBe('');
  });
});
