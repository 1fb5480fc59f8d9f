package newrelic
