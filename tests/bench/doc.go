// Package bench measures full blocks: signed transactions through FinalizeBlock
// and Commit of the real application, on a database as a node has it.
//
//	go test -run '^$' -bench . ./tests/bench
//
// Every table comes from one run of the process in which the executors, or the
// sizes, take turns block by block, so that what else the machine does hits them
// alike. Counts (executions, allocations, gas) are exact, times are medians.
package bench
