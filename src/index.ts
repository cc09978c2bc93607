/** The public surface, for notebooks and programs. A list of names, nothing else. */

export { AssertionError, ScenarioError } from './base/check.ts';
export type { ScenarioProblem } from './base/check.ts';
export { describeParameter } from './base/parameters.ts';
export * as quantities from './base/quantities.ts';
export type { AnyVariant, ParameterDescription } from './base/parameters.ts';

export { RandomSource } from './base/random.ts';
export type { RandomStream } from './base/random.ts';

export {
  contractFrom,
  moneyFromQuote,
  notionalOf,
  priceFromTicks,
  quoteFromMoney,
  ticksFromPrice,
  valueOf,
} from './market/contract.ts';
export type { Contract, ContractDecimals, Valuation } from './market/contract.ts';
export { costOf, impactPrice, microprice, notionalWithin } from './market/depth.ts';
export { OrderBook } from './market/order-book.ts';
export type { OrderBookOptions } from './market/order-book.ts';
export { NO_ORDER, SelfTrade, TimeInForce } from './market/order.ts';
export type { Handle, NewOrder } from './market/order.ts';
export { RejectReason, ReportKind } from './market/reports.ts';
export type { Reports } from './market/reports.ts';

export {
  bankruptcyPrice,
  isDistressed,
  liquidationPrice,
  maintenanceMargin,
  priceAtMarginShare,
  marginScheduleFrom,
  triggerPrice,
} from './accounts/margin.ts';
export type { MarginSchedule } from './accounts/margin.ts';
export { marginTableFrom } from './accounts/margin-table.ts';
export type { MarginTable } from './accounts/margin-table.ts';
export { importLeverageTiers } from './accounts/tier-import.ts';
export type { ImportedTable, TierImport } from './accounts/tier-import.ts';
export {
  isLiquidatable,
  poolProfit,
  twoThresholdPrices,
  twoThresholdState,
} from './accounts/oracle-margin.ts';
export type {
  ImpactCappedRule,
  PoolPosition,
  TwoThresholdRule,
  TwoThresholdState,
} from './accounts/oracle-margin.ts';
export { crossLiquidationPrice, entryMarginLiquidationPrice } from './accounts/published-formulas.ts';
export { tierTableFrom } from './accounts/tier-table.ts';
export type { Tier, TierTable } from './accounts/tier-table.ts';

export { calcIndex, IndexPrice } from './prices/index-price.ts';
export type { IndexHalt, IndexSettings } from './prices/index-price.ts';
export type { IndexRule } from './prices/index/index-rule.ts';
export { calcMark, markInputsOf, marksOf } from './prices/calc-mark.ts';
export type { Marks, Moment } from './prices/calc-mark.ts';
export type { MarkDesign, MarkInputs, MarkParts } from './prices/mark/mark-design.ts';
export type { PriceSource } from './prices/price-source.ts';

export { catalogue } from './world/catalogue.ts';
export { loadVenue } from './world/venue.ts';
export type { Venue } from './world/venue.ts';
export { suggestion } from './world/scenario-source.ts';
export { batchFrom, jsonSchema, loadBatch, scenarioKeys } from './world/scenario.ts';
export type { Batch, BatchSource, Cell, Scenario, ScenarioFiles, Vocabulary } from './world/scenario.ts';

export { amountInWords, targetInWords } from './world/scenario-precision.ts';
export type { Target } from './world/scenario-precision.ts';
export { METRICS } from './metrics/metrics.ts';
export type { Metric, MetricName, MetricRow } from './metrics/metrics.ts';
export { LEVEL } from './metrics/estimates/estimate.ts';
export { ESTIMANDS, findEstimand } from './metrics/estimates/estimands.ts';
export type { Estimand } from './metrics/estimates/estimands.ts';
export type { Estimate } from './metrics/estimates/estimate.ts';
export { meanDifference, meanWithInterval } from './metrics/estimates/mean.ts';
export { isReached } from './metrics/estimates/stopping.ts';
export type { CascadeMap } from './metrics/cascade-map.ts';
export type { FactorialEffects } from './metrics/sensitivity/factorial.ts';
export { quantileWithInterval } from './metrics/estimates/quantile.ts';
export { ratioOfMeans } from './metrics/estimates/ratio-of-means.ts';

export { CalculatorError } from './run/calculators/calculator-error.ts';
export { calcDeleveraging } from './run/calculators/deleveraging.ts';
export type { Deleveraged, DeleveragingQuestion, OpponentAsWritten } from './run/calculators/deleveraging.ts';
export { calcFunding } from './run/calculators/funding.ts';
export type { FundingAnswer, FundingQuestion } from './run/calculators/funding.ts';
export { calcVenueIndex } from './run/calculators/index-price.ts';
export type { IndexConstituent } from './run/calculators/index-price.ts';
export { calcLiquidation } from './run/calculators/liquidation.ts';
export type { LiquidationAnswer, LiquidationQuestion, OtherPosition } from './run/calculators/liquidation.ts';
export { calcLiquidationStep } from './run/calculators/liquidation-step.ts';
export type { LiquidationStepAnswer, LiquidationStepQuestion } from './run/calculators/liquidation-step.ts';
export { calcVenueMark, markSourcesOf } from './run/calculators/mark-price.ts';
export type { MarkQuestion } from './run/calculators/mark-price.ts';
export { estimateRare } from './run/rare/estimate.ts';
export type { RareEstimate, RareQuestion } from './run/rare/estimate.ts';
export { simulateParticle } from './run/rare/particle.ts';
export type { RareEvent, Stopped } from './run/rare/particle.ts';
export { findScore, SCORES } from './run/rare/scores.ts';
export type { Score } from './run/rare/scores.ts';
export type { RunAnswer, RunRequest, ScoredProcess } from './run/rare/splitting.ts';
export { analyse } from './run/sensitivity/analysis.ts';
export type { Analysis, AnalysisQuestion, Model } from './run/sensitivity/analysis.ts';
export { channelEffects, whyNoSwitchboard } from './run/sensitivity/channels.ts';
export { RANGE_FORM, rangeFrom, settingAt } from './run/sensitivity/ranges.ts';
export type { Range } from './run/sensitivity/ranges.ts';
export { respond, RESPONSES } from './run/sensitivity/respond.ts';
export { measurementBegins } from './world/beginning.ts';
export { VOCABULARY, vocabularyFrom } from './run/vocabulary.ts';
export { ARMS } from './run/results.ts';
export { DETAIL_COLUMNS } from './run/detail-columns.ts';
export type { DetailColumn } from './run/detail-columns.ts';
export type { Arm, ColumnTable, RunDetail, RunRow, Task, TaskResult } from './run/results.ts';
export { simulateCascadeMap, simulateDetail, simulateReplicate } from './run/simulate.ts';
export { Openings } from './world/openings.ts';
export { CHECKS } from './run/validation/checks.ts';
export { GROUPS, judged, PERTURBATIONS } from './run/validation/check.ts';
export type { Check, CheckResult, Finding, Group } from './run/validation/check.ts';
export { EFFORTS, Laboratory } from './run/validation/laboratory.ts';
export type { Effort } from './run/validation/laboratory.ts';
export { ReplicateError, runBatch } from './run/batch.ts';
export type { BatchOptions, BatchResult, Executor, Progress, RunnableBatch } from './run/batch.ts';
export type { CellResult, Precision, StoppingRule } from './run/plan.ts';

export { CHARTS, RUN_CHARTS } from './charts/index.ts';
export type { CascadeMapInputs, Chart, ChartInputs, RunChartInputs, TimelineInputs } from './charts/chart.ts';
export { validationCurves } from './charts/validation-curves.ts';
export { dataCsv, withData } from './charts/chart-data.ts';
export { channelChart } from './charts/channels.ts';
export { sensitivityChart } from './charts/sensitivity.ts';
export { toPng, toSvg } from './charts/render.ts';

export { rowsToCsv, toCsv } from './tables/csv.ts';
export { compareAmplification } from './tables/compare.ts';
export { evaluateExpectations } from './tables/expectations.ts';
export type { ExpectationResult } from './tables/expectations.ts';
export { fromParquet, toParquet } from './tables/parquet.ts';
export { readResults, readRuns } from './tables/read-results.ts';
export type { Results } from './tables/read-results.ts';
export { earlyWarning, PLACEBO_QUANTILE } from './tables/early-warning.ts';
export type { Bounded, EarlyWarning, SeverityWarnings, Warning } from './tables/early-warning.ts';
export { WARNING_SIGNS } from './metrics/warning-signs.ts';
export { genealogiesTable } from './tables/genealogies-table.ts';
export { runsTable } from './tables/runs-table.ts';
export { summaryTable } from './tables/summary.ts';
export { estimationOf } from './tables/estimation.ts';
export type { EstimatedQuantity, Estimation } from './tables/estimation.ts';
export { tournament } from './tables/tournament.ts';
export type { Difference, Entrant, Situation, Standing, Tournament } from './tables/tournament.ts';
export { SUMMARY_COLUMNS } from './tables/summary-columns.ts';

export { RISK_EVENTS } from './tables/risk-team/closed-rows.ts';
export { stressDifference, stressOf } from './tables/risk-team/stress.ts';
export type { Stress, StressDifference } from './tables/risk-team/stress.ts';
export type { TierLosses } from './tables/risk-team/tier-losses.ts';
export { tierCheckRows } from './tables/risk-team/tier-check.ts';
export type { CheckedTierRow, ImpactFigures } from './tables/risk-team/tier-check.ts';
export { tierLossesChart } from './charts/risk-team/tier-losses.ts';
export { fundNeeds, fundSize, replicatesForBound, ruinWith } from './tables/risk-team/fund-size.ts';
export type { FundSize } from './tables/risk-team/fund-size.ts';
export { closedRows } from './tables/risk-team/closed-rows.ts';
export { reverseStress, shareAt } from './tables/risk-team/reverse-stress.ts';
export type { ReverseStress } from './tables/risk-team/reverse-stress.ts';
export { runChains } from './run/chains.ts';
export { findThreshold } from './run/threshold.ts';
export type { Threshold } from './run/threshold.ts';
export { proportion } from './metrics/estimates/proportion.ts';
export type { ProportionEstimate } from './metrics/estimates/proportion.ts';
export { fundChart } from './charts/risk-team/fund.ts';
export { thresholdChart } from './charts/risk-team/threshold.ts';
