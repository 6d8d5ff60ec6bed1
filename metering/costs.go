package metering

// MeteringVersion is the version of the cost table and of the injected code. Any change to what a program costs is a new version.
const MeteringVersion = 3

// The cost table, in operations. Every executed instruction costs one, the structural ones nothing (see operatorCost);
// entering a function costs one. The surcharges below are added to that. They are set so that a nanosecond of any of these instructions
// costs at least a third of what it costs in the programs that ship (docs/benchmarks.md, Prices; docs/adr/0025-prices-of-memory.md).
const (
	// CostFunctionEntry is charged when a function begins.
	CostFunctionEntry = 1
	// CostBulk is for memory.fill, memory.copy, memory.init, table.fill, table.copy and table.init, whatever their size.
	CostBulk = 64
	// BulkBytesPerOperation: memory.fill, memory.copy and memory.init cost floor(bytes / 4) more.
	BulkBytesPerOperation = 4
	// CostElement is for each element of table.fill, table.copy and table.init.
	CostElement = 1
	// CostGrow is for memory.grow and table.grow, whatever their size: the engine leaves the program for them.
	CostGrow = 256
	// CostPage is for each page that memory.grow asks for, and CostNewElement for each element that table.grow asks for, whether or not it is
	// granted. What is there is copied, and what is new is cleared.
	CostPage       = 3 * PageSize
	CostNewElement = 24
	// CostReference is for ref.func: the engine leaves the program for it.
	CostReference = 256
	// CostHostCall is for a call of a function of the host: the engine leaves the program for it.
	CostHostCall = 256
	// CostHostRead is added for alita.read, for every number of rows in the batch: 1,024 rows of 9 bytes.
	CostHostRead = 6 * MaxBatchRows
	// CostHostInput is added for alita.input, for every length that is copied: the price of memory.copy for the largest input.
	CostHostInput = MaxInputBytes / BulkBytesPerOperation
	// CostHostWrite, CostHostPoll and CostHostRandom are added for fd_write, poll_oneoff and random_get, whatever they are asked for.
	CostHostWrite  = 512
	CostHostPoll   = 4096
	CostHostRandom = 2048
)

// MaxDepth is the largest number of calls in progress below the entry function.
const MaxDepth = 1000

// MaxOperations is the largest limit a run may have. The counter counts down from the operations that the host grants. The
// counter is checked after every surcharge for a size, which is below 2^50, and no path between two checks has a loop or a call, so
// less than 2^51 is charged before a check. So the counter can never wrap.
const MaxOperations = 1<<62 - 1

// operatorCost is the cost of one executed instruction without its surcharge.
func operatorCost(op byte) uint64 {
	switch op {
	case opUnreachable, opNop, opBlock, opLoop, opElse, opEnd, opReturn, opDrop:
		return 0
	}
	return 1
}
