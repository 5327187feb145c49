"""What a chart says of the things it names: side, stage, severity, cause, date, …"""
