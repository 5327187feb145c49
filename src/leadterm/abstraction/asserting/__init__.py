"""How a chart speaks of what it names: present, absent, uncertain, …"""
