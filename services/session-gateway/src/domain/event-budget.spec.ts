import { describe, expect, it } from '@jest/globals';
import { EventBudget } from './event-budget.js';

const at = (seconds: number): Date => new Date(1_000 * seconds);
const spent = (budget: EventBudget, tries: number, seconds: number): number =>
  Array.from({ length: tries }, () => budget.spend(at(seconds))).filter(Boolean).length;

describe('EventBudget', () => {
  it('lets a minute’s worth through at once and then what time brings', () => {
    const budget = new EventBudget(60, at(0));
    expect(spent(budget, 100, 0)).toBe(60);
    expect(spent(budget, 100, 0.5)).toBe(0);
    expect(spent(budget, 100, 10)).toBe(10);
    expect(spent(budget, 100, 1_000)).toBe(60);
  });

  it('lets nothing through when nothing is allowed, and bears a clock that goes back', () => {
    expect(spent(new EventBudget(0, at(0)), 5, 600)).toBe(0);
    const budget = new EventBudget(2, at(100));
    expect(spent(budget, 3, 100)).toBe(2);
    expect(spent(budget, 3, 50)).toBe(0);
    expect(spent(budget, 3, 80)).toBe(1);
  });
});
