package metering

// Module names of the host's functions.
const (
	HostModule = "alita"
	WASIModule = "wasi_snapshot_preview1"
)

// Names that every program exports.
const (
	ExportMemory = "memory"
	ExportRun    = "run"
	// ExportInitialize is optional; the host calls it before ExportRun.
	ExportInitialize = "_initialize"
)

// The names that Inject adds, and the prefix that no export of a program may have.
const (
	ReservedPrefix = "__alita_"
	// ExportOperations is a mutable i64 global: the operations that may still be charged before the host is asked for more.
	ExportOperations = ReservedPrefix + "operations"
	// ExportDepth is a mutable i32 global: the calls in progress below the entry. It is above MaxDepth once that is exceeded.
	ExportDepth = ReservedPrefix + "depth"
	// ImportRefill is a function (i64) -> (i64) of HostModule, called with the counter if it is negative. It returns the new counter,
	// which is the old one plus the granted operations and not negative; or it ends the run.
	ImportRefill = ReservedPrefix + "refill"
)

// MaxBatchRows is the largest number of rows that the host hands over at once. All batches of a run but the last are full.
const MaxBatchRows = 1024

// MaxInputBytes is the largest input of a job, in bytes.
const MaxInputBytes = 65536

// hostFunc is a function that a program may import, with the cost of a call in addition to the call instruction.
type hostFunc struct {
	typ  funcType
	cost uint64
}

func sig(s string) funcType {
	var f funcType
	into := &f.params
	for _, c := range s {
		switch c {
		case 'i':
			*into = append(*into, i32)
		case 'I':
			*into = append(*into, i64)
		case 'f':
			*into = append(*into, f32)
		case 'F':
			*into = append(*into, f64)
		case 'r':
			*into = append(*into, funcref)
		case '>':
			into = &f.results
		}
	}
	return f
}

// hostFuncs are all allowed imports, by module and name.
var hostFuncs = map[string]map[string]hostFunc{
	HostModule: {
		"columns": {sig(">i"), CostHostCall},
		"length":  {sig(">i"), CostHostCall},
		"input":   {sig("ii>i"), CostHostCall + CostHostInput},
		"next":    {sig(">i"), CostHostCall},
		"read":    {sig("iii>"), CostHostCall + CostHostRead},
		"emit":    {sig("ii>"), CostHostCall},
		"fail":    {sig("i>"), CostHostCall},
	},
	WASIModule: {
		"args_get":            {sig("ii>i"), CostHostCall},
		"args_sizes_get":      {sig("ii>i"), CostHostCall},
		"clock_time_get":      {sig("iIi>i"), CostHostCall},
		"environ_get":         {sig("ii>i"), CostHostCall},
		"environ_sizes_get":   {sig("ii>i"), CostHostCall},
		"fd_close":            {sig("i>i"), CostHostCall},
		"fd_fdstat_get":       {sig("ii>i"), CostHostCall},
		"fd_fdstat_set_flags": {sig("ii>i"), CostHostCall},
		"fd_prestat_dir_name": {sig("iii>i"), CostHostCall},
		"fd_prestat_get":      {sig("ii>i"), CostHostCall},
		"fd_write":            {sig("iiii>i"), CostHostCall + CostHostWrite},
		"poll_oneoff":         {sig("iiii>i"), CostHostCall + CostHostPoll},
		"proc_exit":           {sig("i>"), CostHostCall},
		"random_get":          {sig("ii>i"), CostHostCall + CostHostRandom},
		"sched_yield":         {sig(">i"), CostHostCall},
	},
}
