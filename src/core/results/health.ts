/** Share of a core above which a task may be too busy to measure truly: its figures say more of the generator than of the target. */
export const doubtfulCpuRatio = 0.75;

/** Ms by which one in a hundred turns of the generator's event loop may be late before its response times are in doubt. */
export const lateLoopMs = 20;

/** How often the event loop is looked at, in ms. */
export const loopResolutionMs = 10;
