package metadata

// DescribePanel is describePanel.
var DescribePanel = describePanel
