package metering

// MeteringVersion is the version of the cost table and of the injected code. Any change to what a program costs is a new version.
const MeteringVersion = 1

// The cost table, in operations. Every executed instruction costs one, the structural ones nothing (see operatorCost);
// entering a function costs one. The surcharges below are added to that.
const (
	// CostFunctionEntry is charged when a function begins.
	CostFunctionEntry = 1
	// BulkBytesPerOperation: memory.fill, memory.copy and memory.init cost floor(bytes / 64) more.
	BulkBytesPerOperation = 64
	// BulkElementsPerOperation: table.fill, table.copy, table.init and table.grow cost floor(elements / 8) more; a reference takes 8 bytes.
	BulkElementsPerOperation = 8
	// CostPage: memory.grow costs this for every page asked for, whether or not it is granted: 64 KiB at 64 bytes an operation.
	CostPage = PageSize / BulkBytesPerOperation
	// CostHostCall is the cost of a call of a host function.
	CostHostCall = 64
	// CostHostRead is added for alita.read, for every number of rows in the batch: 1024 rows of 9 bytes at 64 bytes an operation.
	CostHostRead = MaxBatchRows * 9 / BulkBytesPerOperation
	// CostHostInput is added for alita.input, for every length that is copied: the largest input at 64 bytes an operation.
	CostHostInput = MaxInputBytes / BulkBytesPerOperation
)

// MaxDepth is the largest number of calls in progress below the entry function.
const MaxDepth = 1000

// MaxOperations is the largest limit a run may have. The counter counts down from the operations that the host grants. A single
// charge is below 2^43, and no path between two checks has a loop or a call, so at most 2^43 * 2^19 could be charged before a check.
// In fact it is less than 2^44, since surcharges are checked at once. So the counter can never wrap.
const MaxOperations = 1<<62 - 1

// operatorCost is the cost of one executed instruction without its surcharge.
func operatorCost(op byte) uint64 {
	switch op {
	case opUnreachable, opNop, opBlock, opLoop, opElse, opEnd, opReturn, opDrop:
		return 0
	}
	return 1
}
